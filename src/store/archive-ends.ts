import { sql, type Transaction } from 'kysely';
import type { Archive } from '../core/archive/archive.ts';
import { between, JOB_ENDS, type JobEnd } from '../core/archive/ends.ts';
import type { ArchiveReader, ArchiveWriter, EndedJobs, JobRange, OwedJobs } from '../ports/archive.ts';
import { StoreError } from '../ports/store.ts';
import { placeOf } from './archive-place.ts';
import type { Backend } from './backend.ts';
import type { Database, Tables } from './tables.ts';

type Reader = Pick<ArchiveReader, 'archives' | 'owedJobs' | 'endedJobs' | 'endedBy'>;
type Writer = Pick<ArchiveWriter, 'claimJobs' | 'settleClaim' | 'writeOffJobs' | 'dropArchive'>;

/** What became of archived jobs. What has no row is owed. */
export function archiveEndsReader(database: Database): Reader {
  return {
    archives: () => readArchives(database),
    owedJobs: (actionId) => readOwed(database, actionId),
    endedJobs: (actionId) => readEnded(database, 'action_id', actionId),
    endedBy: (byActionId) => readEnded(database, 'by_action_id', byActionId),
  };
}

export function archiveEndsWriter(tx: Transaction<Tables>, { nowMs }: Backend): Writer {
  const add = (rows: readonly JobRange[], end: JobEnd, byActionId: string) =>
    tx
      .insertInto('archive_ends')
      .values(
        rows.map(({ actionId, chunk, first, jobs }) => ({
          action_id: actionId,
          chunk,
          first,
          jobs,
          job_end: end,
          by_action_id: byActionId,
          at_ms: nowMs,
        })),
      )
      .execute();
  return {
    async claimJobs(range, byActionId) {
      const owed = await readOwed(tx, range.actionId, range.chunk);
      if (!owed.some((one) => isWithin(range, one))) return false;
      await add([range], 'claimed', byActionId);
      return true;
    },

    async settleClaim({ actionId, chunk, first, jobs }, endedCount, end) {
      const claim = { action_id: actionId, chunk, first, jobs, job_end: 'claimed' };
      const changed =
        endedCount === 0
          ? await tx
              .deleteFrom('archive_ends')
              .where(({ and }) => and(claim))
              .executeTakeFirstOrThrow()
          : await tx
              .updateTable('archive_ends')
              .set({ job_end: end, jobs: endedCount, at_ms: nowMs })
              .where(({ and }) => and(claim))
              .executeTakeFirstOrThrow();
      const count = 'numDeletedRows' in changed ? changed.numDeletedRows : changed.numUpdatedRows;
      if (count !== 1n || endedCount > jobs)
        throw new TypeError(`no such claim in chunk ${chunk} of ${actionId}`);
    },

    async writeOffJobs(actionId, byActionId) {
      const owed = await readOwed(tx, actionId);
      for (let from = 0; from < owed.length; from += ROWS_AT_ONCE) {
        await add(owed.slice(from, from + ROWS_AT_ONCE), 'written_off', byActionId);
      }
      return owed.reduce((sum, { jobs }) => sum + jobs, 0);
    },

    async dropArchive(actionId) {
      await tx.deleteFrom('archive_ends').where('action_id', '=', actionId).execute();
      const chunks = tx.deleteFrom('archive_chunks').where('action_id', '=', actionId);
      return (await chunks.executeTakeFirstOrThrow()).numDeletedRows > 0n;
    },
  };
}

/** Databases take some thousands of values in one statement. */
const ROWS_AT_ONCE = 500;

async function readOwed(database: Database, actionId: string, chunk?: number): Promise<readonly OwedJobs[]> {
  const chunks = await database
    .selectFrom('archive_chunks')
    .select(['number', 'removed_count', 'place_kind', 'place_name', 'place_queue'])
    .where('action_id', '=', actionId)
    .where('removed_count', '>', 0)
    .$if(chunk !== undefined, (query) => query.where('number', '=', chunk ?? 0))
    .orderBy('number')
    .execute();
  const ended = await readEnded(database, 'action_id', actionId, chunk);
  const byChunk = Map.groupBy(ended, (one) => one.chunk);
  return chunks
    .toSorted((one, other) => turnOf(one) - turnOf(other))
    .flatMap((row) =>
      between(row.removed_count ?? 0, byChunk.get(row.number) ?? []).map(({ first, jobs }) => {
        return { actionId, chunk: row.number, first, jobs, place: placeOf(row) };
      }),
    );
}

/** First what runs at once, so that a small share shows whether it does harm; then retries, then what is scheduled. */
function turnOf({ place_kind: kind }: { readonly place_kind: string }): number {
  if (kind === 'retry_set') return 1;
  return kind === 'scheduled_set' ? 2 : 0;
}

async function readEnded(
  database: Database,
  column: 'action_id' | 'by_action_id',
  id: string,
  chunk?: number,
): Promise<readonly EndedJobs[]> {
  const rows = await database
    .selectFrom('archive_ends')
    .selectAll()
    .where(column, '=', id)
    .$if(chunk !== undefined, (query) => query.where('chunk', '=', chunk ?? 0))
    .orderBy('chunk')
    .orderBy('first')
    .execute();
  return rows.map((row) => ({
    actionId: row.action_id,
    chunk: row.chunk,
    first: row.first,
    jobs: row.jobs,
    end: endOf(row.job_end),
    byActionId: row.by_action_id,
    atMs: row.at_ms,
  }));
}

async function readArchives(database: Database): Promise<readonly Archive[]> {
  const archived = await database
    .selectFrom('archive_chunks')
    .select(({ fn }) => [
      'action_id',
      fn.sum('removed_count').as('archived'),
      fn.min('archived_at_ms').as('first_at_ms'),
      fn.max('archived_at_ms').as('last_at_ms'),
    ])
    .where('removed_count', '>', 0)
    .groupBy('action_id')
    .orderBy(sql`min(archived_at_ms)`)
    .execute();
  const ended = await database
    .selectFrom('archive_ends')
    .select(({ fn }) => ['action_id', 'job_end', fn.sum('jobs').as('jobs'), fn.max('at_ms').as('last_at_ms')])
    .groupBy(['action_id', 'job_end'])
    .execute();
  return archived.map((row) => {
    const ends = ended.filter(({ action_id }) => action_id === row.action_id);
    // PostgreSQL sums whole numbers as `numeric`, which comes as text.
    const count = (end: JobEnd) => Number(ends.find(({ job_end }) => job_end === end)?.jobs ?? 0);
    return {
      actionId: row.action_id,
      archived: Number(row.archived),
      restored: count('restored'),
      uncertain: count('uncertain'),
      writtenOff: count('written_off'),
      firstAtMs: Number(row.first_at_ms),
      lastAtMs: Math.max(...[row, ...ends].map(({ last_at_ms }) => Number(last_at_ms))),
    };
  });
}

function isWithin(range: JobRange, owed: JobRange): boolean {
  return range.jobs > 0 && range.first >= owed.first && range.first + range.jobs <= owed.first + owed.jobs;
}

function endOf(text: string): JobEnd {
  const end = JOB_ENDS.find((one) => one === text);
  if (end !== undefined) return end;
  throw new StoreError('corrupt', `The archive names an end of no known kind (${text}).`);
}
