import { tidyAfterStart } from './after-start.ts';
import { describeFaults } from './config/fault.ts';
import { thisProcess } from './config/this-process.ts';
import { parseConfig } from './config.ts';
import { createLog } from './log.ts';

/**
 * The bot: parse the settings, start, serve, and on SIGTERM or SIGINT finish what runs and go.
 *
 * Exit codes: 0 stopped as asked; 1 something failed that a supervisor may cure by a restart; 2 wrong settings, which a
 * restart can't cure.
 */
const EXIT = { stopped: 0, failed: 1, settings: 2 } as const;
/** Container platforms send SIGKILL after 30 s; by then we are gone. */
const STOP_DEADLINE_MS = 20_000;

const parsed = parseConfig(thisProcess());
if (!parsed.ok) {
  process.stderr.write(`${describeFaults(parsed.faults)}\n`);
  process.exit(EXIT.settings);
}
const log = createLog(parsed.config.logLevel);

const fail = (error: unknown): void => {
  log.error({ err: error }, 'Poison Control stops: this failure leaves it in a state that it can’t trust');
  process.exit(EXIT.failed);
};
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);

let app: AsyncDisposable | undefined;
let isStopping = false;
const stop = async (signal: string): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  // While it starts it has promised nobody anything.
  if (app === undefined) process.exit(EXIT.stopped);
  log.info({ signal }, 'Poison Control finishes what runs and stops');
  setTimeout(() => fail(new Error(`did not stop within ${STOP_DEADLINE_MS} ms`)), STOP_DEADLINE_MS).unref();
  await app[Symbol.asyncDispose]();
  process.exit(EXIT.stopped);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

try {
  const { startApp } = await import('./app.ts');
  app = await startApp(parsed.config, log, fail);
  log.info(
    { sidekiqs: parsed.config.sidekiqs.map(({ policy }) => policy.name) },
    'Poison Control is running',
  );
  tidyAfterStart();
} catch (error) {
  log.error({ err: error }, 'Poison Control could not start');
  process.exit(EXIT.failed);
}
