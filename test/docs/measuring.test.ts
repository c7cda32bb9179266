import { expect, test } from 'vitest';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';
import { commandsRunBy } from './inventory.ts';
import { runs, shell } from './stage.ts';

/**
 * What measures and hunts for minutes is run as far as it goes in seconds: the benchmarks to the names of what they would measure and one
 * of them to its figure, the hunt with fewer cases, the made-up traces with fewer of each kind.
 */

const COMMANDS = commandsRunBy('test/docs/measuring.test.ts');
const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
const commands = (begin: string) => {
  const found = COMMANDS.filter((command) => command.startsWith(begin));
  expect(found.length, begin).toBeGreaterThan(0);
  return found;
};

test('every benchmark that a page names is one, with options that it takes', async () => {
  const all = (await runs('npm run -s bench -- --list', env)).trim().split('\n');
  expect(all.length).toBeGreaterThan(10);
  await Promise.all(
    commands('npm run -s bench').map(async (command) => {
      const [, , , , ...words] = command.replace('--seed=N', '--seed=1').split(' ');
      const wanted = words.filter((word) => word !== '--');
      const named = wanted.filter((word) => /^[a-z]+$/.test(word));
      const listed = await runs(`npm run -s bench -- ${wanted.join(' ')} --list`, env);
      expect(listed.trim().split('\n').toSorted(), command).toEqual(
        (named.length > 0 ? named : all).toSorted(),
      );
    }),
  );
}, 120_000);

test('a benchmark prints what it measured, and one that there is not is refused', async () => {
  const { code, stdout } = await shell('npm run -s bench -- audit', env);
  // 1: on a busy machine a bar may be missed.
  expect([0, 1]).toContain(code);
  expect(stdout).toMatch(/^audit\n +verify \d+ records +\d/m);
  expect(await shell('npm run -s bench -- audits', env)).toMatchObject({
    code: 2,
    output: expect.stringContaining('audit, watch'),
  });
});

test('the hunt for input that breaks a reader goes through every reader', async () => {
  const [hunt, another] = commands('npm run -s fuzz');
  expect(another).toBe(undefined);
  const lines = (await runs(`${hunt} -- 3`, env)).trim().split('\n');
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(line).toMatch(/: 3 cases in \d+ s/);
}, 120_000);

test('the traces that a decision was measured with are made, and judged', async () => {
  const folder = await makeGuardedFolder('poison-control-traces');
  try {
    const [made = 'false'] = commands('node bench/attribution-fleets.ts');
    const [replayed = 'false'] = commands('npm run -s suspects:replay');
    await runs(made.replace('FOLDER 12 SEED', `${folder.path} 1 1`), env);
    const judged = (await runs(`${replayed} -- ${folder.path}`, env)).trim().split('\n');
    expect(judged.length).toBeGreaterThan(5);
    for (const line of judged) expect(JSON.parse(line)).toBeTypeOf('object');
  } finally {
    await folder.remove();
  }
}, 120_000);
