import { join } from 'node:path';
import { runDemo } from '../../../src/sandbox/demo/run.ts';

const exitCode = await runDemo({
  words: process.argv.slice(2),
  sandboxPort: process.env['SANDBOX_PORT'],
  botProgram: join(import.meta.dirname, process.env['BOT'] ?? 'stand-in-bot.ts'),
});
process.exit(exitCode);
