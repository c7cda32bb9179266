import { audit } from './audit.ts';
import { backlog } from './backlog.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { history } from './history.ts';
import { idle } from './idle.ts';
import { purge } from './purge.ts';
import { rescue } from './rescue.ts';
import { restore } from './restore.ts';
import { snapshot } from './snapshot.ts';
import { watch } from './watch.ts';
import { weeks } from './weeks.ts';

const BENCHMARKS: readonly Benchmark[] = [
  snapshot,
  backlog,
  audit,
  watch,
  purge,
  restore,
  rescue,
  history,
  weeks,
  idle,
];

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const isJson = process.argv.includes('--json');
const [seed] = process.argv.flatMap((word) => (word.startsWith('--seed=') ? [Number(word.slice(7))] : []));
const results: { benchmark: string; figures: readonly Figure[] }[] = [];
for (const { name, run } of BENCHMARKS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const figures = await run(seed === undefined ? {} : { seed });
  results.push({ benchmark: name, figures });
  if (!isJson) print(name, figures);
}
if (isJson) console.log(JSON.stringify(results, undefined, 2));
process.exitCode = results.every(({ figures }) => figures.every(isMet)) ? 0 : 1;

function print(name: string, figures: readonly Figure[]): void {
  console.log(`\n${name}`);
  for (const figure of figures) {
    const { what, value, unit, atMost } = figure;
    const bar =
      atMost === undefined ? '' : `  at most ${atMost} ${unit}  ${isMet(figure) ? 'met' : 'MISSED'}`;
    console.log(
      `  ${what.padEnd(62)} ${value.toFixed(unit === 'commands' || unit === 'messages' ? 0 : 2).padStart(10)} ${unit}${bar}`,
    );
  }
}

function isMet({ value, atMost }: Figure): boolean {
  return atMost === undefined || value <= atMost;
}
