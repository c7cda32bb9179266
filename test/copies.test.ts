import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/**
 * What is said twice is mended once. So many lines in a row that are the same in two places of the program are a copy; fewer
 * are what the language makes everybody say.
 */
const COPIED_LINES = 6;

type Line = { readonly place: string; readonly words: string };

/** The lines that say something: comments, imports, empty lines and lone brackets say nothing. */
function linesOf(path: string): readonly Line[] {
  const text = readFileSync(path, 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\/|--\[\[[\s\S]*?\]\]/g, (comment) => comment.replaceAll(/[^\n]/g, ''))
    .replaceAll(/^(?:import|export) [^;]*? from '[^']+';/gm, (given) => given.replaceAll(/[^\n]/g, ''));
  return text.split('\n').flatMap((line, index) => {
    const said = line.replace(/\s*(?:\/\/|--).*$/, '').trim();
    if (!/\w{2}/.test(said)) return [];
    return [{ place: `${path}:${index + 1}`, words: said }];
  });
}

/** Pairs of places where the same lines begin. */
function copiesIn(files: readonly (readonly Line[])[]): readonly string[] {
  const seen = new Map<string, string>();
  const copies: string[] = [];
  for (const lines of files) {
    for (let from = 0; from + COPIED_LINES <= lines.length; from += 1) {
      const run = lines.slice(from, from + COPIED_LINES);
      const key = run.map(({ words }) => words).join('\n');
      const here = run[0]?.place ?? '';
      const before = seen.get(key);
      if (before === undefined) seen.set(key, here);
      else copies.push(`${here} says what ${before} says`);
    }
  }
  return copies;
}

test('nothing in the program is said twice', () => {
  const files = ['src', 'commands']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((path) => /\.(?:ts|lua)$/.test(path));
  expect(files.length).toBeGreaterThan(500);
  expect(copiesIn(files.map(linesOf))).toEqual([]);
});

test('what is copied is found, with other words around it', () => {
  const lines = Array.from({ length: COPIED_LINES }, (_, index) => ({
    place: `a:${index}`,
    words: `step${index}()`,
  }));
  const again = lines.map(({ words }, index) => ({ place: `b:${index + 5}`, words }));
  const other = { place: 'b:1', words: 'else()' };
  expect(copiesIn([lines, [other, ...again]])).toEqual(['b:5 says what a:0 says']);
  expect(copiesIn([lines, again.slice(1)])).toEqual([]);
});
