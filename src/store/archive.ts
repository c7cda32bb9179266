import { sql, type Transaction } from 'kysely';
import type { ArchiveReader, ArchiveWriter, PendingChunk } from '../ports/archive.ts';
import { StoreError } from '../ports/store.ts';
import { decodeJobs, encodeJobs, encodeParts } from './archive-chunk.ts';
import { archiveEndsReader, archiveEndsWriter } from './archive-ends.ts';
import { columnsOf, placeOf } from './archive-place.ts';
import type { Backend } from './backend.ts';
import type { Database, Tables } from './tables.ts';

/** A chunk may hold megabytes, so few are in memory at a time. */
const CHUNKS_AT_ONCE = 4;

type Row = Tables['archive_chunks'];

/**
 * Jobs on their way out of Redis. A chunk is written before its jobs leave (pending), and settled when it is known which of
 * them did. Only those count as archived: the others were taken by a worker in between, or never tried.
 */
export function archiveReader(database: Database): ArchiveReader {
  return {
    packChunk: async (place, jobs) => ({ place, ...(await encodeJobs(jobs)) }),
    packParts: async (place, parts) => ({ place, ...(await encodeParts(parts)) }),

    async pendingChunks(actionId) {
      const rows = await database
        .selectFrom('archive_chunks')
        .select(['number', 'job_count', 'place_kind', 'place_name', 'place_queue'])
        .where('action_id', '=', actionId)
        .where('tried_count', 'is', null)
        .orderBy('number')
        .execute();
      return rows.map(
        (row): PendingChunk => ({ number: row.number, jobCount: row.job_count, place: placeOf(row) }),
      );
    },

    async lastChunk(actionId) {
      const row = await database
        .selectFrom('archive_chunks')
        .select((build) => build.fn.max('number').as('number'))
        .where('action_id', '=', actionId)
        .executeTakeFirst();
      return row?.number ?? 0;
    },

    async archiveTotals(actionId, afterChunk = 0) {
      const rows = await database
        .selectFrom('archive_chunks')
        .select(({ fn }) => [
          'place_kind',
          'place_name',
          'place_queue',
          fn.sum('removed_count').as('removed'),
          fn.sum('tried_count').as('tried'),
          fn.sum('size_bytes').as('size'),
          fn.sum(sql<number>`length(body)`).as('stored'),
        ])
        .where('action_id', '=', actionId)
        .where('number', '>', afterChunk)
        .where('tried_count', 'is not', null)
        .groupBy(['place_kind', 'place_name', 'place_queue'])
        .orderBy('place_kind')
        .orderBy('place_name')
        .execute();
      // PostgreSQL sums whole numbers as `numeric`, which comes as text.
      return rows.map((row) => ({
        place: placeOf(row),
        archived: Number(row.removed),
        taken: Number(row.tried) - Number(row.removed),
        sizeBytes: Number(row.size),
        storedBytes: Number(row.stored),
      }));
    },

    async *archivedJobs(actionId, afterChunk = 0) {
      let after = afterChunk;
      for (;;) {
        const rows = await database
          .selectFrom('archive_chunks')
          .selectAll()
          .where('action_id', '=', actionId)
          .where('number', '>', after)
          .where('tried_count', 'is not', null)
          .orderBy('number')
          .limit(CHUNKS_AT_ONCE)
          .execute();
        for (const row of rows) yield* jobsOf(row);
        const last = rows.at(-1);
        if (last === undefined || rows.length < CHUNKS_AT_ONCE) return;
        after = last.number;
      }
    },

    async chunkJobs(actionId, chunk) {
      const row = await database
        .selectFrom('archive_chunks')
        .selectAll()
        .where('action_id', '=', actionId)
        .where('number', '=', chunk)
        .where('tried_count', 'is not', null)
        .executeTakeFirst();
      if (row === undefined)
        throw new StoreError('missing', `Chunk ${chunk} of the archive of ${actionId} is gone.`);
      return { place: placeOf(row), jobs: [...jobsOf(row)] };
    },

    ...archiveEndsReader(database),
  };
}

export function archiveWriter(tx: Transaction<Tables>, backend: Backend): ArchiveWriter {
  return {
    ...archiveEndsWriter(tx, backend),

    async addChunk(actionId, number, { place, jobCount, sizeBytes, sha256, body }) {
      await tx
        .insertInto('archive_chunks')
        .values({
          action_id: actionId,
          number,
          ...columnsOf(place),
          job_count: jobCount,
          size_bytes: sizeBytes,
          sha256,
          body,
          archived_at_ms: backend.nowMs,
          tried_count: null,
          removed_count: null,
          removed: null,
        })
        .execute();
    },

    async settleChunk(actionId, number, left) {
      const chunk = tx
        .selectFrom('archive_chunks')
        .select('job_count')
        .where('action_id', '=', actionId)
        .where('number', '=', number)
        .where('tried_count', 'is', null);
      const row = await chunk.executeTakeFirst();
      if (row === undefined || left.length > row.job_count)
        throw new TypeError(`chunk ${number} of ${actionId} cannot be settled with ${left.length} jobs`);
      const removed = left.reduce((sum, hasLeft) => sum + (hasLeft ? 1 : 0), 0);
      const isAll = removed === row.job_count;
      await tx
        .updateTable('archive_chunks')
        .set({
          tried_count: left.length,
          removed_count: removed,
          removed: isAll ? null : bitmapOf(left),
        })
        .where('action_id', '=', actionId)
        .where('number', '=', number)
        .execute();
    },
  };
}

function* jobsOf(row: Row) {
  const jobs = decodeJobs(row);
  if (jobs === undefined || jobs.length !== row.job_count) {
    throw new StoreError(
      'corrupt',
      `Chunk ${row.number} of the archive of ${row.action_id} is not as it was written. Restore a backup of the store.`,
    );
  }
  const place = placeOf(row);
  for (const [index, job] of jobs.entries()) {
    if (hasLeft(row, index)) yield { chunk: row.number, index, place, ...job };
  }
}

/** One bit for each job that was tried, the lowest first; none when all of them left. */
function bitmapOf(left: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil(left.length / 8));
  left.forEach((hasLeft, index) => {
    if (hasLeft) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  });
  return bits;
}

function hasLeft({ removed, tried_count: tried }: Row, index: number): boolean {
  if (removed === null) return true;
  return index < (tried ?? 0) && ((removed[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}
