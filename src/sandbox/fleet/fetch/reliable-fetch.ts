import type { SimulatedProcess, Taken } from '../process.ts';
import { textsOf } from '../redis-call.ts';
import { type FetchStrategy, removeFromPrivateList } from './strategy.ts';

function privateListFor({ settings }: SimulatedProcess, queue: string): string {
  return `queue:${queue}_${settings.host}_${settings.index}`;
}

/**
 * Sidekiq Pro 0.9 to 3: private lists `queue:QUEUE_HOST_INDEX`, known to no register. A process that starts first works
 * off the lists of its own host and index, so a job that kills it is run first again: the crash loop of the story.
 */
export const reliableFetch: FetchStrategy = {
  privateListFor,
  take: (process, queue) => ['RPOPLPUSH', `queue:${queue}`, privateListFor(process, queue)],
  finish: removeFromPrivateList,
  giveBack: (taken) => [...removeFromPrivateList(taken), ['RPUSH', `queue:${taken.queue}`, taken.text]],
  async start(process, redis) {
    const queues = Object.keys(process.settings.weights);
    const lists = await redis.pipeline(
      queues.map((queue) => ['LRANGE', privateListFor(process, queue), 0, -1]),
    );
    return queues.flatMap((queue, position) => {
      const privateList = privateListFor(process, queue);
      const oldestFirst = textsOf(lists[position]).toReversed();
      return oldestFirst.map((text): Taken => ({ queue, text, privateList }));
    });
  },
};
