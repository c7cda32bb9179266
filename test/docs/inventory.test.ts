import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  BLOCK_READERS,
  BLOCK_RUNNERS,
  commandLinesOf,
  commandsRunBy,
  INLINE,
  NOT_RUN,
  PLAIN,
  runnerOf,
  SPAN_RUNNERS,
  standsInARunBlock,
} from './inventory.ts';
import { BLOCKS, blocksOf, PAGES } from './pages.ts';

/** No command comes into the documentation without a test that runs it, or a reason why none does. */

const isExcused = (command: string) => NOT_RUN.some((one) => one.command === command);

test('every fenced block has a language that a test runs or reads, and one without holds no command', () => {
  const fences = PAGES.map((page) => readFileSync(page, 'utf8').match(/^ *```/gm)?.length ?? 0);
  // One that is indented oddly or never closed would be seen by nobody.
  expect(BLOCKS.length * 2).toBe(fences.reduce((sum, count) => sum + count));
  const known = [PLAIN, ...Object.keys(BLOCK_RUNNERS), ...Object.keys(BLOCK_READERS)];
  const unknown = BLOCKS.filter(({ language }) => !known.includes(language));
  expect(unknown.map(({ page, language, text }) => ({ page, language, text }))).toEqual([]);
  const plain = blocksOf(PLAIN).flatMap(commandLinesOf);
  expect(plain.filter((line) => !isExcused(line))).toEqual([]);
});

test('every language is used, and the test that is said to take its blocks names it', () => {
  for (const [language, path] of Object.entries({ ...BLOCK_RUNNERS, ...BLOCK_READERS })) {
    expect(blocksOf(language).length, language).toBeGreaterThan(0);
    expect(readFileSync(path, 'utf8'), `${path} does not take ${language}`).toMatch(
      new RegExp(`'${language}'|\`\`\`${language}\\b`),
    );
  }
});

test('every command in the middle of a line is run by a test, or it is said why not', () => {
  const unknown = INLINE.filter(
    ({ command }) => runnerOf(command) === undefined && !standsInARunBlock(command) && !isExcused(command),
  );
  expect(unknown).toEqual([]);
  expect(INLINE.length).toBeGreaterThan(80);
});

test('who is said to run commands takes them from the list', () => {
  for (const { test: path, runs } of SPAN_RUNNERS) {
    expect(commandsRunBy(path).length, String(runs)).toBeGreaterThan(0);
    expect(existsSync(path), path).toBe(true);
    const source = readFileSync(path, 'utf8');
    expect(source, path).toMatch(/commandsRunBy\(/);
    expect(source, path).toContain(`'${path}'`);
  }
});

test('what is not run is few, stands in the pages, is run by nobody, and each has a reason', () => {
  const inBlocks = blocksOf(PLAIN).flatMap(commandLinesOf);
  for (const { command, why } of NOT_RUN) {
    expect([...inBlocks, ...INLINE.map((found) => found.command)], 'no page says it').toContain(command);
    expect(runnerOf(command), command).toBe(undefined);
    expect(why.length).toBeGreaterThan(10);
  }
  expect(NOT_RUN.length).toBeLessThan(14);
});
