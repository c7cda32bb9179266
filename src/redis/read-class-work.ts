import { addClassWork, type ClassWork, type WorkByClass } from '../core/sidekiq/class-work.ts';
import type { SidekiqKeys } from '../core/sidekiq/keys.ts';
import { metricsMinuteNames } from '../core/sidekiq/metrics.ts';
import { buffersIn } from './answers.ts';
import { ask, type Command } from './ask.ts';
import type { Connection } from './connect.ts';

/** As long as Sidekiq keeps its minutes (reference 8.4). */
const MINUTES = 8 * 60;
/** Each minute has a name in 7.x and one in 8.x; so many are asked for in one go, and Redis serves others in between. */
const MINUTES_AT_ONCE = 60;

/** What each class did in the last eight hours; undefined where there are no metrics: Sidekiq 6. @throws {RedisUnavailable} */
export async function readClassWork(
  connection: Connection,
  keys: SidekiqKeys,
  nowMs: number,
): Promise<WorkByClass | undefined> {
  const work = new Map<string, ClassWork>();
  for (let minute = 0; minute < MINUTES; minute += MINUTES_AT_ONCE) {
    const names = Array.from({ length: MINUTES_AT_ONCE }, (_, nth) =>
      metricsMinuteNames(nowMs - (minute + nth) * 60_000),
    ).flat();
    const replies = await ask(
      connection,
      names.map((name): Command => ['HGETALL', keys.metrics(name)]),
    );
    for (const reply of replies) {
      const cells = buffersIn(reply.ok ? reply.value : undefined).map(String);
      for (let at = 0; at + 1 < cells.length; at += 2)
        addClassWork(work, cells[at] ?? '', cells[at + 1] ?? '');
    }
  }
  return work.size === 0 ? undefined : work;
}
