import type { Dialect } from './dialect.ts';
import { jobText } from './job.ts';
import type { JobClass } from './job-class.ts';
import type { Random } from './random.ts';
import type { Call } from './redis-call.ts';

/** The application's pushes during a stretch of time, as its Sidekiq clients send them. */
export function pushCalls(
  classes: readonly JobClass[],
  dialect: Dialect,
  stretchMs: number,
  nowMs: number,
  random: Random,
): readonly Call[] {
  return classes.flatMap((jobClass) => {
    const expected = (jobClass.perSecond * stretchMs) / 1000;
    const count = Math.floor(expected) + (random.next() < expected % 1 ? 1 : 0);
    return Array.from({ length: count }, (): readonly Call[] => [
      ['SADD', 'queues', jobClass.queue],
      ['LPUSH', `queue:${jobClass.queue}`, jobText(jobClass, dialect, nowMs, random)],
    ]).flat();
  });
}
