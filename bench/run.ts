import { parseArgs } from 'node:util';
import { attribution } from './attribution.ts';
import { audit } from './audit.ts';
import { backlog } from './backlog.ts';
import type { Benchmark } from './benchmark.ts';
import { type Figure, isMet, lineOf } from './figure.ts';
import { history } from './history.ts';
import { idle } from './idle.ts';
import { keys } from './keys.ts';
import { purge } from './purge.ts';
import { rescue } from './rescue.ts';
import { restore } from './restore.ts';
import { snapshot } from './snapshot.ts';
import { watch } from './watch.ts';
import { week } from './week.ts';
import { weeks } from './weeks.ts';

const BENCHMARKS: readonly Benchmark[] = [
  snapshot,
  backlog,
  attribution,
  audit,
  watch,
  purge,
  restore,
  rescue,
  history,
  weeks,
  keys,
  idle,
  week,
];

/**
 * `npm run -s bench [-- NAME… --full]`: measures all, or those that are named, and exits with 1 where a bar is missed. `--list` only
 * says what would be measured.
 */
const { positionals: wanted, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    seed: { type: 'string' },
    logs: { type: 'string' },
    full: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
const names = BENCHMARKS.map(({ name }) => name);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark called ${unknown.join(' or ')}. There are: ${names.join(', ')}.`);
  process.exit(2);
}
const isJson = values.json;
const options = {
  minutes: numberIn(values.minutes),
  seed: numberIn(values.seed),
  logs: values.logs,
  isFull: values.full,
};
const results: { benchmark: string; figures: readonly Figure[] }[] = [];
for (const { name, run } of BENCHMARKS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (values.list) {
    console.log(name);
    continue;
  }
  const figures = await run(options);
  results.push({ benchmark: name, figures });
  if (!isJson) console.log([`\n${name}`, ...figures.map((figure) => `  ${lineOf(figure)}`)].join('\n'));
}
if (isJson) console.log(JSON.stringify(results, undefined, 2));
process.exitCode = results.every(({ figures }) => figures.every(isMet)) ? 0 : 1;

function numberIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!(number > 0)) throw new Error(`a number above 0 was expected, not ${text}`);
  return number;
}
