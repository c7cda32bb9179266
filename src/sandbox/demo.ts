import { join } from 'node:path';
import { runDemo } from './demo/run.ts';

/** The program of `script/demo`. */
const exitCode = await runDemo({
  words: process.argv.slice(2),
  sandboxPort: process.env['SANDBOX_PORT'],
  botProgram: join(import.meta.dirname, '..', 'main.ts'),
});
// Nothing is left to wait for but timers of things that were given up.
process.exit(exitCode);
