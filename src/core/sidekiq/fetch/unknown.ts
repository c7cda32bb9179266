import type { FetchStrategy } from './strategy.ts';

/** `queue:QUEUE:working`, shared by all processes of TEA-ebook's fetcher. */
const SHARED = /^queue:(.+):working$/s;
/** `sidekiq_solid_fetch:processing:CAPSULE:ID:queue:QUEUE`. */
const SOLID = /^sidekiq_solid_fetch:processing:.+?:queue:(.+)$/s;

/** Lists that hold jobs and belong to no strategy we know well: reported, never touched (reference: 7.2). */
export const unknown: FetchStrategy = {
  schemes: ['unknown'],
  globs: [],
  readName: ({ key, payloadQueues }) => {
    const [, queue] = SHARED.exec(key) ?? SOLID.exec(key) ?? [];
    if (queue !== undefined) {
      return { key, scheme: 'unknown', owner: undefined, queue: { name: queue, knownBy: 'key' } };
    }
    const [payloadQueue, ...others] = payloadQueues;
    const isSure = payloadQueue !== undefined && others.length === 0;
    const target = isSure ? { name: payloadQueue, knownBy: 'payload' as const } : undefined;
    return { key, scheme: 'unknown', owner: undefined, queue: target };
  },
  ownerState: () => 'unknown',
  evidence: (process) =>
    process.labels.includes('reliable')
      ? { strategy: 'unknown', evidence: 'it is labelled "reliable", but is no member of super_processes' }
      : undefined,
};
