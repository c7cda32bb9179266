import type { Transaction } from 'kysely';
import type { RescuedJob, RescueReader, RescueWriter } from '../ports/archive.ts';
import { StoreError } from '../ports/store.ts';
import type { Database, Tables } from './tables.ts';

/** A part has thousands of jobs, so few parts are in memory at a time. */
const PARTS_AT_ONCE = 8;
const SEPARATOR = ' ';

/**
 * What rescues have moved, one job a line: its digest, its jid (`-` for none), its class. Of digests there is only one
 * form, so that a job in a queue can be told again without its payload being kept a second time.
 */
export function rescueReader(database: Database): RescueReader {
  return {
    async lastRescued(actionId) {
      const row = await database
        .selectFrom('rescued_jobs')
        .select((build) => build.fn.max('number').as('number'))
        .where('action_id', '=', actionId)
        .executeTakeFirst();
      return row?.number ?? 0;
    },

    async *rescuedJobs(actionId) {
      for (let after = 0; ; ) {
        const rows = await database
          .selectFrom('rescued_jobs')
          .selectAll()
          .where('action_id', '=', actionId)
          .where('number', '>', after)
          .orderBy('number')
          .limit(PARTS_AT_ONCE)
          .execute();
        for (const { queue, jobs, job_count: count } of rows) {
          const lines = jobs.split('\n');
          if (lines.length !== count)
            throw new StoreError('corrupt', 'The list of rescued jobs is not whole.');
          yield { queue, jobs: lines.map(readLine) };
        }
        const last = rows.at(-1);
        if (last === undefined || rows.length < PARTS_AT_ONCE) return;
        after = last.number;
      }
    },
  };
}

export function rescueWriter(tx: Transaction<Tables>): RescueWriter {
  return {
    async addRescued(actionId, number, { queue, jobs }) {
      const lines = jobs.map(({ digest, jid, jobClass }) => {
        return [digest, wordOf(jid ?? '-'), wordOf(jobClass)].join(SEPARATOR);
      });
      await tx
        .insertInto('rescued_jobs')
        .values({ action_id: actionId, number, queue, job_count: jobs.length, jobs: lines.join('\n') })
        .execute();
    },

    async dropRescued(actionId, number) {
      await tx
        .deleteFrom('rescued_jobs')
        .where('action_id', '=', actionId)
        .where('number', '=', number)
        .execute();
    },
  };
}

/** A jid and a class can be any text; in a line they must be one word. */
function wordOf(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function readLine(line: string): RescuedJob {
  const [digest = '', jid = '-', jobClass = ''] = line.split(SEPARATOR);
  return {
    digest,
    jid: jid === '-' ? undefined : decodeURIComponent(jid),
    jobClass: decodeURIComponent(jobClass),
  };
}
