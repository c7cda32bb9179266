import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import type { ArchivedJob, EndedJobs } from '../ports/archive.ts';
import type { Store } from '../ports/store.ts';
import { withAuditStore } from './audit-store.ts';

/**
 * Every job that an action took out of Redis as JSON Lines, in the order in which they left, with what became of it. A
 * payload is the text that was in Redis, and in base64 where it is no UTF-8. Arguments of jobs are in it: it is for the
 * terminal of whoever may read the store, and for nothing else.
 *
 *     npm run -s archive:export -- ACTION > jobs.jsonl
 */
// A reader that has seen enough closes the pipe: `| head` is no failure.
process.stdout.on('error', () => process.exit());

const EXIT_USAGE = 2;
const [actionId] = process.argv.slice(2);
if (actionId === undefined) {
  process.stderr.write('Which action? npm run -s archive:export -- ACTION\n');
  process.exitCode = EXIT_USAGE;
} else {
  await withAuditStore((store) => exportArchive(store, actionId.toLowerCase()));
}

async function exportArchive(store: Store, id: string): Promise<void> {
  const ended = Map.groupBy(await store.endedJobs(id), ({ chunk }) => chunk);
  let [chunk, nth, count] = [0, 0, 0];
  for await (const job of store.archivedJobs(id)) {
    nth = job.chunk === chunk ? nth + 1 : 0;
    chunk = job.chunk;
    count += 1;
    const line = JSON.stringify(lineOf(job, id, stateOf(ended.get(chunk) ?? [], nth)));
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
  }
  if (count > 0) return;
  process.stderr.write(`Nothing is archived of an action ${id}.\n`);
  process.exitCode = 1;
}

/** `nth` of the jobs of its chunk that left Redis. */
function stateOf(ended: readonly EndedJobs[], nth: number): string {
  return ended.find(({ first, jobs }) => nth >= first && nth < first + jobs)?.end ?? 'owed';
}

function lineOf({ chunk, index, place, score, payload }: ArchivedJob, action: string, state: string) {
  const bytes = Buffer.from(payload);
  const content = isUtf8(bytes)
    ? { payload: bytes.toString('utf8') }
    : { payloadBase64: bytes.toString('base64') };
  return { action, chunk, index, state, place, score: score ?? null, ...content };
}
