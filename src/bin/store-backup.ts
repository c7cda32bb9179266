import { existsSync } from 'node:fs';
import { describeFaults, type Fault } from '../config/fault.ts';
import { processSettings } from '../config/process-settings.ts';
import { thisProcess } from '../config/this-process.ts';
import { verifyChain } from '../core/audit/verify.ts';
import { StoreError } from '../ports/store.ts';
import { openStore, sqlitePathIn } from '../store/open.ts';
import { copyFile } from '../store/sqlite/copy.ts';

/**
 * Copies a SQLite store while the bot runs, and checks the audit log in the copy:
 *
 *     npm run -s store:backup -- /backups/poison-control.sqlite
 *
 * Exit code 0 when the copy is whole, 1 when it is not, 2 when it could not be made. PostgreSQL has tools of its own.
 */
const EXIT = { whole: 0, broken: 1, notMade: 2 } as const;

const to = process.argv[2];
const faults: Fault[] = [];
const settings = processSettings(thisProcess(), faults);
const ours = faults.filter(({ path }) => path === 'DATABASE_URL' || path === 'AUDIT_KEY');
const path = sqlitePathIn(settings.databaseUrl.reveal());
if (ours.length > 0) fail(describeFaults(ours));
else if (to === undefined) fail('usage: npm run -s store:backup -- FILE');
else if (path === undefined) fail('This store is a PostgreSQL: use pg_dump (docs/guides/operations.md).');
else if (existsSync(to)) fail(`${to} is there already. Name another file; nothing was written.`);
else {
  try {
    await copyFile(path, to);
    await using copy = await openStore(`sqlite:${to}`, { isReadOnly: true });
    const verdict = await verifyChain(copy.auditLines(), { key: settings.auditKey?.reveal() });
    const isWhole = verdict.type !== 'broken';
    const words = isWhole
      ? `${verdict.head.count} records head ${verdict.head.hash}`
      : `record ${verdict.number}: ${verdict.sentence}`;
    process.stdout.write(`${isWhole ? 'ok' : 'bad'} ${to} ${words}\n`);
    process.exitCode = isWhole ? EXIT.whole : EXIT.broken;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    fail(error.message);
  }
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = EXIT.notMade;
}
