import { openTerminal } from '../app/terminal.ts';
import { describeFaults } from '../config/fault.ts';
import { thisProcess } from '../config/this-process.ts';
import { parseTerminalConfig } from '../config.ts';

/**
 * The read-only commands in the terminal, for the day when Slack is down:
 *
 *     npm run -s sidekiq -- COMMAND [--sidekiq NAME] [--json]
 *
 * Exit code 0 for an answer, 1 for a refusal or a Redis that can't be reached, 2 for wrong settings.
 */
const EXIT = { answered: 0, refused: 1, settings: 2 } as const;

const words = process.argv.slice(2);
const wantsJson = words.includes('--json');
const parsed = parseTerminalConfig(thisProcess());
if (!parsed.ok) {
  process.stderr.write(`${describeFaults(parsed.faults)}\n`);
  process.exitCode = EXIT.settings;
} else {
  const terminal = openTerminal(parsed.config);
  try {
    const answer = await terminal.ask(
      words.filter((word) => word !== '--json'),
      { wantsJson, hasColour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined },
    );
    process.stdout.write(`${answer.text}\n`);
    process.exitCode = answer.isRefusal ? EXIT.refused : EXIT.answered;
  } finally {
    await terminal.close();
  }
}
