import { parseArgs } from 'node:util';
import { formatHead, parseHead } from '../core/audit/record.ts';
import { verifyChain } from '../core/audit/verify.ts';
import { withAuditStore } from './audit-store.ts';

/**
 * Checks the whole audit log in the store, also while the bot runs:
 *
 *     npm run -s audit:verify [-- --expect COUNT:HASH]
 *
 * `--expect` is a head that was published earlier, for instance in the audit channel: only it shows that the end was cut
 * off. Exit code 0 when all is sound, 1 with the first bad record named, 2 when it could not be checked.
 */
const EXIT = { sound: 0, broken: 1, usage: 2 } as const;

const given = readExpect();
if ('fault' in given) {
  process.stderr.write(`${given.fault}\n`);
  process.exitCode = EXIT.usage;
} else {
  await withAuditStore(async (store, key) => {
    const verdict = await verifyChain(store.auditLines(), { key, expect: given.expect });
    if (verdict.type === 'broken') {
      process.stdout.write(`bad record ${verdict.number}: ${verdict.fault}. ${verdict.sentence}\n`);
      process.exitCode = EXIT.broken;
      return;
    }
    const { head, unkeyed } = verdict;
    process.stdout.write(`ok ${head.count} records head ${head.hash}\n`);
    if (key !== undefined && unkeyed > 0) {
      process.stderr.write(
        `The first ${unkeyed} were written before the key was set and carry no seal of it.\n`,
      );
    }
    if (given.expect !== undefined)
      process.stderr.write(`It holds ${formatHead(given.expect)} as published.\n`);
    process.exitCode = EXIT.sound;
  });
}

function readExpect() {
  try {
    const { values } = parseArgs({ options: { expect: { type: 'string' } } });
    const expect = values.expect === undefined ? undefined : parseHead(values.expect);
    if (values.expect === undefined || expect !== undefined) return { expect };
    return {
      fault: `--expect takes COUNT:HASH, a number and 64 hexadecimal digits; given: ${values.expect}`,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { fault: `${why}\nusage: npm run -s audit:verify [-- --expect COUNT:HASH]` };
  }
}
