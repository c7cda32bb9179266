import type { Dialect } from './dialect.ts';
import { parseJob } from './job.ts';
import type { Random } from './random.ts';
import { type Call, type FleetRedis, textsOf } from './redis-call.ts';

const SETS = ['retry', 'schedule'] as const;
/** More than this waits for the next turn, as it would behind a slow poller. */
const MAX_DUE = 200;

/** One turn of Sidekiq's poller: what is due goes back to its queue, with a new time. */
export async function pushDueJobs(
  redis: FleetRedis,
  dialect: Dialect,
  nowMs: number,
  random: Random,
): Promise<void> {
  for (const set of SETS) {
    const due = textsOf(await redis.call('ZRANGEBYSCORE', set, '-inf', nowMs / 1000, 'LIMIT', 0, MAX_DUE));
    const removed = await redis.pipeline(due.map((text) => ['ZREM', set, text]));
    const calls = due.flatMap((text, position): readonly Call[] => {
      // Somebody else was faster: the job is theirs.
      if (removed[position] !== 1) return [];
      const job = parseJob(text);
      const queue = String(job['retry_queue'] ?? job['queue']);
      const pushed = JSON.stringify({ ...job, queue, enqueued_at: dialect.jobTime(nowMs, random) });
      return [
        ['SADD', 'queues', queue],
        ['LPUSH', `queue:${queue}`, pushed],
      ];
    });
    if (calls.length > 0) await redis.pipeline(calls);
  }
}
