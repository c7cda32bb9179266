import { play } from '../test/fuzz/play.ts';
import { TARGETS } from '../test/fuzz/targets.ts';

/**
 * Feeds every parser what nobody should write: `npm run -s fuzz [-- CASES]`, 200,000 cases each by default. A case that breaks
 * one is printed with its seed, smallest form first; one that takes long or never ends is a failure too. Exit code 1 then.
 */
const CASES = Number(process.argv[2] ?? 200_000);

for (const { name } of TARGETS) {
  const startedAtMs = performance.now();
  const played = await play(new URL('../test/fuzz/targets.ts', import.meta.url), name, CASES);
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0);
  if (played.type !== 'held') process.exitCode = 1;
  switch (played.type) {
    case 'held':
      say(`${name}: ${CASES} cases in ${seconds} s, the slowest ${played.slowestMs.toFixed(1)} ms`);
      break;
    case 'broken':
      say(`${name}: BROKEN by ${JSON.stringify(played.text)} (seed ${played.seed})\n${played.why}`);
      break;
    case 'never ends':
      say(`${name}: NEVER ENDS with ${JSON.stringify(played.text)}`);
      break;
    default:
      played satisfies never;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
