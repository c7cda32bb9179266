import { digestOf } from '../../core/migration/digest.ts';
import type { SidekiqKeys } from '../../core/sidekiq/keys.ts';
import type { RescuedFinder } from '../../ports/reading.ts';
import type { Connection } from '../connect.ts';
import { listSource, pagesWithin, readPages } from '../pages.ts';

/** Rescued jobs were put at the new end of their queues, so those that still wait are met first. */
export function rescuedFinder(connection: Connection, keys: SidekiqKeys): RescuedFinder {
  return {
    findWaiting: async (rescued, budgetMs) => {
      const endsAtMs = performance.now() + budgetMs;
      const mayRead = pagesWithin(connection, () => endsAtMs - performance.now());
      const waiting = new Map<string, number>();
      let isWhole = true;
      for (const [queue, digests] of rescued) {
        let count = 0;
        for await (const page of readPages(connection, listSource(keys.queue(queue)))) {
          count += page.payloads().filter((raw) => digests.has(digestOf(raw))).length;
          if (count >= digests.size) break;
          if (await mayRead()) continue;
          isWhole = false;
          break;
        }
        waiting.set(queue, count);
      }
      return { waiting, isWhole };
    },
  };
}
