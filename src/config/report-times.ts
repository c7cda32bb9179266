import { createHash } from 'node:crypto';
import { Cron } from 'croner';
import type { FileSettings } from './file-schema.ts';

/** A morning post as the settings want it, with its times. Its key stays the same for as long as its settings do. */
export function scheduleOf({ sidekiq, channel, cron, timezone }: FileSettings['reports'][number]) {
  const key = createHash('sha256')
    .update(JSON.stringify([sidekiq, channel, cron, timezone]))
    .digest('hex');
  const line = new Cron(cron, { timezone, paused: true });
  return {
    sidekiq,
    channel,
    key: `${sidekiq}/${key.slice(0, 16)}`,
    dueBetween: (afterMs: number, untilMs: number) => dueBetween(line, afterMs, untilMs),
  };
}

/** More than a minute apart, so an hour holds sixty at most; a loop that went wrong ends. */
const MOST_RUNS = 100;

/**
 * When a cron line is due between two moments, the first excluded, the last included. In the hour that a clock change
 * repeats a time of the day is due once, and one that a change leaves out is due when the clock has jumped.
 */
function dueBetween(line: Cron, afterMs: number, untilMs: number): readonly number[] {
  const due: number[] = [];
  for (let runs = 0, fromMs = afterMs; runs < MOST_RUNS; runs += 1) {
    const next = line.nextRun(new Date(fromMs))?.getTime();
    if (next === undefined || next > untilMs) break;
    due.push(next);
    fromMs = next;
  }
  return due;
}
