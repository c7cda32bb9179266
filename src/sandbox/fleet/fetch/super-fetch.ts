import { parseJob } from '../job.ts';
import type { SimulatedProcess } from '../process.ts';
import { countOf, type FleetRedis, textOf, textsOf } from '../redis-call.ts';
import { type FetchStrategy, removeFromPrivateList } from './strategy.ts';

/** Documented: at most one look a minute for the whole fleet, and a jid rescued three times in 72 hours is a pill. */
const RESCUE_EVERY_MS = 60_000;
const PILL_RESCUES = 3;
const PILL_WINDOW_MS = 72 * 60 * 60 * 1000;

function privateListFor({ facts }: SimulatedProcess, queue: string): string {
  return `queue:sq|${facts.identity}|${queue}`;
}

/**
 * Sidekiq Pro 3.5 and later: lists `queue:sq|ID|QUEUE`, registered in `super_processes` and `ID:super_queues`. Rescue
 * happens only when a process starts, only for owners whose hash has expired, and puts jobs at the back of the line.
 * The names of its locks and counters are not public, so those are kept here and never written.
 */
export function createSuperFetch(): FetchStrategy {
  let lastRescueMs = Number.NEGATIVE_INFINITY;
  const rescuesByJid = new Map<string, number[]>();

  const isPill = (text: string, nowMs: number): boolean => {
    const jid = String(parseJob(text)['jid']);
    const recent = (rescuesByJid.get(jid) ?? []).filter((atMs) => nowMs - atMs < PILL_WINDOW_MS);
    rescuesByJid.set(jid, [...recent, nowMs]);
    return recent.length + 1 >= PILL_RESCUES;
  };

  const rescueList = async (redis: FleetRedis, list: string, nowMs: number): Promise<void> => {
    const queue = list.split('|').slice(2).join('|');
    for (let text = textOf(await redis.call('LINDEX', list, -1)); text !== undefined; ) {
      if (isPill(text, nowMs)) {
        await redis.pipeline([
          ['ZADD', 'dead', nowMs / 1000, text],
          ['RPOP', list],
        ]);
      } else {
        await redis.pipeline([
          ['SADD', 'queues', queue],
          ['RPOPLPUSH', list, `queue:${queue}`],
        ]);
      }
      text = textOf(await redis.call('LINDEX', list, -1));
    }
  };

  return {
    privateListFor,
    take: (process, queue) => ['RPOPLPUSH', `queue:${queue}`, privateListFor(process, queue)],
    finish: removeFromPrivateList,
    // At the left end, unlike basic fetch: the back of the line.
    giveBack: (taken) => [...removeFromPrivateList(taken), ['LPUSH', `queue:${taken.queue}`, taken.text]],
    async start(process, redis, nowMs) {
      const { identity } = process.facts;
      const lists = Object.keys(process.settings.weights).map((queue) => privateListFor(process, queue));
      await redis.pipeline([
        ['SADD', 'super_processes', identity],
        ['SADD', `${identity}:super_queues`, ...lists],
      ]);
      if (nowMs - lastRescueMs < RESCUE_EVERY_MS) return [];
      lastRescueMs = nowMs;
      for (const owner of textsOf(await redis.call('SMEMBERS', 'super_processes'))) {
        if (countOf(await redis.call('EXISTS', owner)) === 1) continue;
        for (const list of textsOf(await redis.call('SMEMBERS', `${owner}:super_queues`))) {
          await rescueList(redis, list, nowMs);
        }
        await redis.pipeline([
          ['SREM', 'super_processes', owner],
          ['UNLINK', `${owner}:super_queues`],
        ]);
      }
      return [];
    },
    leave: ({ facts }) => [
      ['SREM', 'super_processes', facts.identity],
      ['UNLINK', `${facts.identity}:super_queues`],
    ],
  };
}
