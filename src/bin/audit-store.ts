import { describeFaults, type Fault } from '../config/fault.ts';
import { processSettings } from '../config/process-settings.ts';
import { thisProcess } from '../config/this-process.ts';
import { type Store, StoreError } from '../ports/store.ts';
import { openStore } from '../store/open.ts';

const EXIT_NOT_CHECKED = 2;

/**
 * Opens the store to look at its audit log, beside the running bot if there is one. Needs DATABASE_URL, and AUDIT_KEY where
 * the log is sealed with it; nothing of Slack or Redis. A failure is told on standard error, with exit code 2.
 */
export async function withAuditStore(
  look: (store: Store, key: string | undefined) => Promise<void>,
): Promise<void> {
  const faults: Fault[] = [];
  const settings = processSettings(thisProcess(), faults);
  const ours = faults.filter(({ path }) => path === 'DATABASE_URL' || path === 'AUDIT_KEY');
  if (ours.length > 0) {
    process.stderr.write(`${describeFaults(ours)}\n`);
    process.exitCode = EXIT_NOT_CHECKED;
    return;
  }
  try {
    await using store = await openStore(settings.databaseUrl.reveal(), { isReadOnly: true });
    await look(store, settings.auditKey?.reveal());
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT_NOT_CHECKED;
  }
}
