import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FleetPlan, simulateFleet } from './fleet.ts';

const INNOCENT = ['SyncJob', 'MailJob', 'IndexJob', 'ImportJob', 'ThumbnailJob'].map((name, index) => {
  return { name, weight: 1 / (index + 1), meanS: 5 + 9 * index };
});
const PLAN: FleetPlan = {
  seed: 1,
  hours: 1,
  processes: 6,
  threads: 5,
  perHost: 2,
  fetch: 'reliable',
  load: 0.3,
  limitMb: 4000,
  background: 0.05,
  evictions: 0,
  deployEveryHours: 0,
  classes: [...INNOCENT, { name: 'BadJob', weight: 0.05, meanS: 30, killsPerHour: 60 }],
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'traces-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, lines: readonly string[]): void {
  writeFileSync(join(folder, name), gzipSync(lines.join('\n')));
}

function replay(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile('node', ['src/bin/suspects-replay.ts', ...args], (_, out, err) => {
      resolve({ code: child.exitCode, out, err });
    });
  });
}

type Line = { trace: string; k: number; ranked: { class: string; p: number }[] };
const linesOf = (out: string): Line[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('every trace of a folder is answered at each checkpoint it reaches, and the culprit is named', async () => {
  for (const fetch of ['basic', 'reliable', 'super'] as const) {
    const seed = { basic: 1, reliable: 2, super: 3 }[fetch];
    put(`${fetch}.jsonl.gz`, simulateFleet({ ...PLAN, seed, fetch }).lines);
  }
  writeFileSync(join(folder, 'README.md'), 'not a trace');
  const { code, out, err } = await replay(folder);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const lines = linesOf(out);
  expect(lines.map(({ trace, k }) => `${trace} ${k}`)).toEqual(
    ['s1', 's2', 's3'].flatMap((trace) => [1, 2, 3, 5, 10, 20].map((k) => `${trace} ${k}`)),
  );
  for (const { k, ranked } of lines) {
    expect(ranked.map(({ p }) => p)).toEqual(ranked.map(({ p }) => p).sort((a, b) => b - a));
    if (k >= 10) expect(ranked[0]?.class).toBe('BadJob');
    if (k >= 10) expect(ranked[0]?.p).toBeGreaterThan(0.8);
  }
});

test('a prediction uses nothing after its lost process', async () => {
  const { lines } = simulateFleet(PLAN);
  const third = lines
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => line.includes('"lost"'))[2];
  put('whole.jsonl.gz', lines);
  const whole = await replay(folder);
  put('whole.jsonl.gz', lines.slice(0, (third?.index ?? 0) + 1));
  const cut = await replay(folder);
  expect(linesOf(cut.out)).toEqual(linesOf(whole.out).slice(0, 3));
});

test('lines of unknown kinds and further fields are passed over', async () => {
  const { lines } = simulateFleet(PLAN);
  put('a.jsonl.gz', lines);
  const plain = await replay(folder);
  const [header = '', ...rest] = lines.map((line) => line.replace(/}$/, ',"further":{"a":[1]}}'));
  put('a.jsonl.gz', [header, '{"k":"weather","t":1}', '', ...rest, '{"k":"end"}', '']);
  expect(await replay(folder)).toEqual(plain);
});

test.each([
  ['no header', ['{"k":"up"}'], /a\.jsonl\.gz:1: a trace begins with its header/],
  ['not JSON', [simulateFleet(PLAN).lines[0] ?? '', '{"k":'], /a\.jsonl\.gz:2: not JSON/],
  ['no kind', [simulateFleet(PLAN).lines[0] ?? '', '[]'], /a\.jsonl\.gz:2: /],
  [
    'a field of the wrong type',
    [simulateFleet(PLAN).lines[0] ?? '', '{"k":"exit","p":"x"}'],
    /a\.jsonl\.gz:2: .*at p/,
  ],
  [
    'a run that was never introduced',
    [simulateFleet(PLAN).lines[0] ?? '', '{"k":"beat","t":1,"p":0,"at":1,"rss":1,"runs":[7]}'],
    /a\.jsonl\.gz:2: run 7 was never introduced/,
  ],
  ['nothing at all', [], /a\.jsonl\.gz: empty/],
])('a malformed trace is refused with its place: %s', async (_, lines, message) => {
  put('a.jsonl.gz', lines);
  const { code, err } = await replay(folder);
  expect(code).toBe(1);
  expect(err).toMatch(message);
  expect(err).not.toMatch(/\n\s+at /);
});

test('a broken archive, an empty folder and a missing argument are said, not thrown', async () => {
  expect((await replay()).err).toMatch(/^usage: npm run -s suspects:replay/);
  expect((await replay(folder)).err).toMatch(/holds no \*\.jsonl\.gz/);
  writeFileSync(join(folder, 'a.jsonl.gz'), gzipSync(simulateFleet(PLAN).lines.join('\n')).subarray(0, 2000));
  const { code, err } = await replay(folder);
  expect(code).toBe(1);
  expect(err).toMatch(/a\.jsonl\.gz/);
});
