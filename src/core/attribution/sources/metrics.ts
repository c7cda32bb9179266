import type { ClueSource } from '../clue.ts';

/**
 * Sidekiq 7 counts each job that ends. A job that kills its process ends nowhere: a class that runs and never counts is
 * a strong sign (reference 8.4), and so is one that merely takes long, which is why two threads must be at it.
 */
export const metrics: ClueSource = {
  name: 'Sidekiq’s own metrics',
  cluesIn: ({ snapshot, endedLastHour }) => {
    if (endedLastHour === undefined || endedLastHour.size === 0) return [];
    const running = Map.groupBy(snapshot.works, ({ jobClass }) => jobClass ?? '');
    return [...running].flatMap(([jobClass, works]) =>
      jobClass !== '' && works.length >= 2 && !endedLastHour.has(jobClass)
        ? [
            {
              jobClass,
              weight: 2 as const,
              sentence: `runs in ${works.length} threads, and no job of it ended within the last hour`,
            },
          ]
        : [],
    );
  },
};
