import type { PastCount } from '../core/history/past-counts.ts';
import { SPAN_MS, spanStartMs } from '../core/history/sample.ts';
import type { SidekiqKeys } from '../core/sidekiq/keys.ts';
import { endedIn, failedIn, metricsMinuteNames, metricsTenMinutesName } from '../core/sidekiq/metrics.ts';
import { buffersIn, numberIn } from './answers.ts';
import { ask, type Command, type Reply } from './ask.ts';
import type { Connection } from './connect.ts';

/** A year of days: as long as history keeps them. Sidekiq keeps five. */
const DAYS = 365;
/** Sidekiq keeps minutes for eight hours and, since 8.0, ten minutes for three days (reference 8.4). */
const MINUTES = 8 * 60;
const TEN_MINUTES = 3 * 24 * 6;

/** What Sidekiq itself has counted before we came: two thousand small keys, asked for once. @throws {RedisUnavailable} */
export async function readPastCounts(
  connection: Connection,
  keys: SidekiqKeys,
  nowMs: number,
): Promise<readonly PastCount[]> {
  return [
    ...(await readDays(connection, keys, nowMs)),
    ...(await readMetrics(connection, keys, 'ten minutes', spansBefore(nowMs, 'ten minutes', TEN_MINUTES))),
    ...(await readMetrics(connection, keys, 'minute', spansBefore(nowMs, 'minute', MINUTES))),
  ];
}

async function readDays(
  connection: Connection,
  keys: SidekiqKeys,
  nowMs: number,
): Promise<readonly PastCount[]> {
  const days = spansBefore(nowMs, 'day', DAYS);
  const replies = await ask(
    connection,
    days.flatMap((atMs): readonly Command[] => {
      const date = new Date(atMs).toISOString().slice(0, 10);
      return [
        ['GET', keys.processedOn(date)],
        ['GET', keys.failedOn(date)],
      ];
    }),
  );
  return days.flatMap((atMs, index): PastCount[] => {
    const [processed, failed] = [countOf(replies[2 * index]), countOf(replies[2 * index + 1])];
    return processed === undefined ? [] : [{ atMs, resolution: 'day', processed, failed: failed ?? 0 }];
  });
}

async function readMetrics(
  connection: Connection,
  keys: SidekiqKeys,
  resolution: 'minute' | 'ten minutes',
  spans: readonly number[],
): Promise<readonly PastCount[]> {
  const named = spans.flatMap((atMs) =>
    (resolution === 'minute' ? metricsMinuteNames(atMs) : [metricsTenMinutesName(atMs)]).map((name) => ({
      atMs,
      name,
    })),
  );
  const replies = await ask(
    connection,
    named.map(({ name }): Command => ['HGETALL', keys.metrics(name)]),
  );
  return named.flatMap(({ atMs }, index): PastCount[] => {
    const reply = replies[index];
    const cells = buffersIn(reply?.ok ? reply.value : undefined).map(String);
    if (cells.length === 0) return [];
    return [{ atMs, resolution, processed: total(cells, endedIn), failed: total(cells, failedIn) }];
  });
}

function total(cells: readonly string[], countIn: typeof endedIn): number {
  let sum = 0;
  for (let index = 0; index + 1 < cells.length; index += 2) {
    sum += countIn(cells[index] ?? '', cells[index + 1] ?? '')?.[1] ?? 0;
  }
  return sum;
}

/** Those that are over, the newest first. */
function spansBefore(nowMs: number, resolution: PastCount['resolution'], count: number): readonly number[] {
  const lastMs = spanStartMs(nowMs, resolution);
  return Array.from({ length: count }, (_, index) => lastMs - (index + 1) * SPAN_MS[resolution]);
}

function countOf(reply: Reply | undefined): number | undefined {
  return reply?.ok ? numberIn(reply.value) : undefined;
}
