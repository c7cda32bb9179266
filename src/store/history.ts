import type { Transaction } from 'kysely';
import { mergeSamples } from '../core/history/merge.ts';
import {
  type HistorySample,
  KEPT_MS,
  type Resolution,
  SPAN_MS,
  spanStartMs,
} from '../core/history/sample.ts';
import type { HistoryStore } from '../ports/memory.ts';
import { StoreError } from '../ports/store.ts';
import { decodeSample, encodeSample } from './history-body.ts';
import type { Database, Tables } from './tables.ts';

/** Each is merged anew out of the one before it, so a sample that comes twice counts once. */
const COARSER: readonly (readonly [Resolution, finer: Resolution])[] = [
  ['ten minutes', 'minute'],
  ['hour', 'ten minutes'],
  ['day', 'hour'],
];

/** What one statement takes; more ranges are asked for in turn. */
const RANGES_AT_ONCE = 50;
const ROWS_AT_ONCE = 200;

/** The past of every sidekiq: four resolutions side by side, each whole, so that reading never has to put any together. */
export function history(database: Database): Omit<HistoryStore, 'saveIncident' | 'incidents'> {
  return {
    async addSample(sidekiq, sample) {
      const row = rowOf(sidekiq, sample);
      return database.transaction().execute(async (tx) => {
        if ((await insert(tx, [row])) === 0) return false;
        for (const [resolution, finer] of COARSER) await rollUp(tx, sidekiq, sample.atMs, resolution, finer);
        return true;
      });
    },

    async fillSamples(sidekiq, samples) {
      for (let first = 0; first < samples.length; first += ROWS_AT_ONCE) {
        const page = samples.slice(first, first + ROWS_AT_ONCE);
        await insert(
          database,
          page.map((sample) => rowOf(sidekiq, sample)),
        );
      }
    },

    async samples(sidekiq, resolution, ranges) {
      const found: HistorySample[] = [];
      for (let first = 0; first < ranges.length; first += RANGES_AT_ONCE) {
        const page = ranges.slice(first, first + RANGES_AT_ONCE);
        const rows = await database
          .selectFrom('history_samples')
          .selectAll()
          .where('sidekiq', '=', sidekiq)
          .where('span_ms', '=', SPAN_MS[resolution])
          .where((row) =>
            row.or(
              page.map(({ fromMs, toMs }) => row.and([row('at_ms', '>=', fromMs), row('at_ms', '<', toMs)])),
            ),
          )
          .execute();
        found.push(...rows.map(read));
      }
      return found.sort((a, b) => a.atMs - b.atMs);
    },

    async thinSamples(sidekiq, nowMs, keepMs = KEPT_MS.hour) {
      const kept = { ...KEPT_MS, hour: keepMs, day: keepMs };
      for (const [resolution, keptMs] of Object.entries(kept) as [Resolution, number][]) {
        await database
          .deleteFrom('history_samples')
          .where('sidekiq', '=', sidekiq)
          .where('span_ms', '=', SPAN_MS[resolution])
          .where('at_ms', '<', nowMs - keptMs)
          .execute();
      }
    },
  };
}

type Row = Tables['history_samples'];

function rowOf(sidekiq: string, sample: HistorySample): Row {
  const { atMs, resolution, minutes } = sample;
  return { sidekiq, span_ms: SPAN_MS[resolution], at_ms: atMs, minutes, body: encodeSample(sample) };
}

/** How many were new. */
async function insert(database: Database, rows: readonly Row[]): Promise<number> {
  const { numInsertedOrUpdatedRows } = await database
    .insertInto('history_samples')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows ?? 0n);
}

async function rollUp(
  tx: Transaction<Tables>,
  sidekiq: string,
  atMs: number,
  resolution: Resolution,
  finer: Resolution,
): Promise<void> {
  const fromMs = spanStartMs(atMs, resolution);
  const rows = await tx
    .selectFrom('history_samples')
    .selectAll()
    .where('sidekiq', '=', sidekiq)
    .where('span_ms', '=', SPAN_MS[finer])
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<', fromMs + SPAN_MS[resolution])
    .orderBy('at_ms')
    .execute();
  const merged = mergeSamples(rows.map(read), resolution);
  if (merged === undefined) return;
  const { minutes, body } = rowOf(sidekiq, merged);
  await tx
    .insertInto('history_samples')
    .values({ sidekiq, span_ms: SPAN_MS[resolution], at_ms: fromMs, minutes, body })
    .onConflict((conflict) =>
      conflict.columns(['sidekiq', 'span_ms', 'at_ms']).doUpdateSet({ minutes, body }),
    )
    .execute();
}

function read(row: Row): HistorySample {
  const sample = decodeSample(row);
  if (sample !== undefined) return sample;
  throw new StoreError(
    'corrupt',
    `The history of ${row.sidekiq} is not as it was written. Restore a backup of the store, or delete its history_samples.`,
  );
}
