import fc from 'fast-check';
import { TARGETS } from '../test/fuzz/targets.ts';

/**
 * Feeds every parser what nobody should write: `npm run -s fuzz [-- CASES]`, 200,000 cases each by default. A case that breaks
 * one is printed with its seed, smallest form first; one that takes long is a failure too. Exit code 1 then.
 */
const CASES = Number(process.argv[2] ?? 200_000);
/** A parser is quick or it hangs; a busy machine may stop the whole process for some hundred milliseconds. */
const HANGS_MS = 2000;

for (const { name, cases, hold } of TARGETS) {
  let slowestMs = 0;
  const startedAtMs = performance.now();
  const timed = (text: string) => {
    const from = performance.now();
    hold(text);
    const tookMs = performance.now() - from;
    slowestMs = Math.max(slowestMs, tookMs);
    if (tookMs > HANGS_MS) throw new Error(`it took ${Math.round(tookMs)} ms`);
  };
  const { failed, counterexample, errorInstance, seed } = await fc.check(fc.property(cases, timed), {
    numRuns: CASES,
  });
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0);
  if (failed) {
    process.exitCode = 1;
    process.stdout.write(
      `${name}: BROKEN by ${JSON.stringify(counterexample)} (seed ${seed})\n${errorInstance}\n`,
    );
  } else {
    process.stdout.write(`${name}: ${CASES} cases in ${seconds} s, the slowest ${slowestMs.toFixed(1)} ms\n`);
  }
}
