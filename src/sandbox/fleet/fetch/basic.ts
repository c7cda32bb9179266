import type { FetchStrategy } from './strategy.ts';

/** Open source Sidekiq: from the moment of the pop a job is nowhere but in the process. A kill loses it. */
export const basicFetch: FetchStrategy = {
  privateListFor: () => undefined,
  take: (_process, queue) => ['RPOP', `queue:${queue}`],
  finish: () => [],
  // At the right end: it runs next.
  giveBack: ({ queue, text }) => [['RPUSH', `queue:${queue}`, text]],
  start: async () => [],
};
