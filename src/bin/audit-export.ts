import { once } from 'node:events';
import { withAuditStore } from './audit-store.ts';

/**
 * Every record of the audit log as JSON Lines, oldest first, byte for byte as it was sealed: for a SIEM, and so that
 * somebody else can check the chain.
 *
 *     npm run -s audit:export > audit.jsonl
 */
// A reader that has seen enough closes the pipe: `| head` is no failure.
process.stdout.on('error', () => process.exit());

await withAuditStore(async (store) => {
  for await (const { line } of store.auditLines()) {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
  }
});
