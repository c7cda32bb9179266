import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** By then what the start itself wanted to do is done, and whoever waited for the bot has their answer. */
const AFTER_MS = 10_000;

/**
 * What a start leaves behind, tidied once. What was compiled is kept for the next start now, for Node does that only when a
 * process ends by itself, and after a crash the next start is the one that must be quick. Some 25 MB that only the start needed go
 * back to the system: V8 collects them, but keeps the room for a busy program, and the bot is idle nearly all of its life.
 */
export function tidyAfterStart(): void {
  setTimeout(() => {
    flushCompileCache();
    giveBackMemory();
  }, AFTER_MS).unref();
}

/** Node has no name for it but under a flag, which need not be on for ever. */
function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: (how: { type: 'major'; flavor: 'last-resort' }) => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', flavor: 'last-resort' });
}
