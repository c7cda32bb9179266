import { type FetchStrategy, identityState } from './strategy.ts';

/** `queue:sq|ID|QUEUE` since Pro 3.5; a queue may hold `|`, so only the first two divide. */
const LIST = /^queue:sq\|([^|]+)\|(.+)$/s;
/** `queue:sq_ID_QUEUE` of Pro 3.4, which later versions no longer know: strays (#3298, #3443). */
const LIST_3_4 = /^queue:sq_(.+?:\d+:[0-9a-f]{6,})_(.+)$/s;

/** Pro's super_fetch (reference: 6). */
export const superFetch: FetchStrategy = {
  schemes: ['super_fetch', 'super_fetch_3_4'],
  globs: [],
  readName: ({ key }) => {
    const current = LIST.exec(key);
    const [, owner, queue] = current ?? LIST_3_4.exec(key) ?? [];
    if (owner === undefined || queue === undefined) return undefined;
    const scheme = current === null ? 'super_fetch_3_4' : 'super_fetch';
    return { key, scheme, owner, queue: { name: queue, knownBy: 'key' } };
  },
  ownerState: identityState,
  evidence: (process, fleet) =>
    fleet.superProcesses.has(process.identity)
      ? { strategy: 'super_fetch', evidence: 'it is a member of super_processes' }
      : undefined,
};
