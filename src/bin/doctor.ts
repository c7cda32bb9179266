import { describeFaults } from '../config/fault.ts';
import { thisProcess } from '../config/this-process.ts';
import { parseConfig } from '../config.ts';
import { describeFindings } from '../core/doctor/finding.ts';
import { examine } from '../doctor.ts';

/**
 * Holds the settings against the living world, Slack, the store and every Redis, and says what to put right. It changes nothing
 * and says nothing in Slack, so it may run beside the bot:
 *
 *     npm run -s doctor [-- --json]
 *
 * Exit code 0 when nothing has to be put right, 1 when something has, 2 for settings that can't be read.
 */
const EXIT = { well: 0, ill: 1, settings: 2 } as const;

const wantsJson = process.argv.includes('--json');
const parsed = parseConfig(thisProcess());
if (!parsed.ok) {
  if (wantsJson) process.stdout.write(`${JSON.stringify({ faults: parsed.faults }, undefined, 2)}\n`);
  else process.stderr.write(`${describeFaults(parsed.faults)}\n`);
  process.exitCode = EXIT.settings;
} else {
  const findings = await examine(parsed.config);
  const text = wantsJson ? JSON.stringify({ findings }, undefined, 2) : describeFindings(findings);
  process.stdout.write(`${text}\n`);
  process.exitCode = findings.some(({ verdict }) => verdict === 'wrong') ? EXIT.ill : EXIT.well;
}
