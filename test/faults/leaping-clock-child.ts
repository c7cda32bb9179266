import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { CLOCK } from '../../src/clock.ts';
import type { Clock } from '../../src/ports/host.ts';

/**
 * Loaded by a bot before its program: at each SIGUSR2 ten seconds pass in it within a moment, one after another, so that whoever
 * does something every second does it. What it does takes its real time. It says when they are over.
 */
const SECONDS = 10;
const MOMENT_MS = 20;
const real: Clock = { ...CLOCK };
let passedMs = 0;
let next = new AbortController();

const leaping: Clock = {
  nowMs: () => real.nowMs() + passedMs,
  steadyMs: () => real.steadyMs() + passedMs,
  wait: async (ms, signal) => {
    const endMs = leaping.steadyMs() + ms;
    for (let leftMs = ms; leftMs > 0 && signal?.aborted !== true; leftMs = endMs - leaping.steadyMs()) {
      const signals = signal === undefined ? [next.signal] : [next.signal, signal];
      await real.wait(leftMs, AbortSignal.any(signals));
    }
  },
};
Object.assign(CLOCK, leaping);

process.on('SIGUSR2', async () => {
  for (let nth = 0; nth < SECONDS; nth += 1) {
    passedMs += 1000;
    const before = next;
    next = new AbortController();
    setMaxListeners(0, next.signal);
    before.abort();
    await pause(MOMENT_MS);
  }
  process.stdout.write(`time has passed: ${passedMs} ms\n`);
});
