import { type FetchStrategy, identityState } from './strategy.ts';

/** `inproc:ID:QUEUE`, ID being HOST:PID:NONCE; the queue may hold colons. */
const LIST = /^inproc:([^:]+:\d+:[0-9a-f]+):(.+)$/s;

/** sidekiq-ultimate (reference: 7.2). */
export const ultimate: FetchStrategy = {
  schemes: ['ultimate'],
  globs: ['inproc:*'],
  readName: ({ key }) => {
    const [, owner, queue] = LIST.exec(key) ?? [];
    if (owner === undefined || queue === undefined) return undefined;
    return { key, scheme: 'ultimate', owner, queue: { name: queue, knownBy: 'key' } };
  },
  ownerState: identityState,
  evidence: (process, fleet) => {
    const list = fleet.lists.find(({ scheme, owner }) => scheme === 'ultimate' && owner === process.identity);
    return list === undefined ? undefined : { strategy: 'ultimate', evidence: `it keeps ${list.key}` };
  },
};
