import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { HEAD_BYTES, MOST_UNITS, type Order, type Played } from './play.ts';
import type { Target } from './targets.ts';

/** The thread of `play`. A case that takes long, but ends, breaks its parser too. */
const SLOW_MS = 2000;

const { targets, name, cases, seen }: Order = workerData;
const { TARGETS }: { readonly TARGETS: readonly Target[] } = await import(targets);
const target = TARGETS.find((each) => each.name === name);
if (target === undefined) throw new Error(`no target ${name}`);
const head = new Int32Array(seen, 0, 2);
const units = new Uint16Array(seen, HEAD_BYTES, MOST_UNITS);
let slowestMs = 0;

function note(text: string): void {
  const length = Math.min(text.length, MOST_UNITS);
  for (let at = 0; at < length; at += 1) units[at] = text.charCodeAt(at);
  Atomics.store(head, 1, length);
  Atomics.add(head, 0, 1);
}

const timed = (text: string) => {
  note(text);
  const from = performance.now();
  target.hold(text);
  const tookMs = performance.now() - from;
  slowestMs = Math.max(slowestMs, tookMs);
  if (tookMs > SLOW_MS) throw new Error(`it took ${Math.round(tookMs)} ms`);
};
const { failed, counterexample, errorInstance, seed } = fc.check(fc.property(target.cases, timed), {
  numRuns: cases,
});
const played: Played = failed
  ? { type: 'broken', text: counterexample?.[0] ?? '', seed, why: String(errorInstance) }
  : { type: 'held', slowestMs };
parentPort?.postMessage(played);
