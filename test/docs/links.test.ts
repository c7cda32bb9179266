import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { PAGES } from './pages.ts';

test.each(PAGES)('%s links to nothing that is not there', (page) => {
  const text = readFileSync(page, 'utf8');
  const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
  const missing = targets.filter((target) => !existsSync(join(dirname(page), target)));
  expect(missing).toEqual([]);
});

test('the tests and scripts that the pages name exist', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const page of PAGES) {
    const text = readFileSync(page, 'utf8');
    const paths = [...text.matchAll(/`((?:test|script|src|commands|bench)\/[\w./-]+)/g)].map(
      ([, path = '']) => path,
    );
    expect(
      paths.filter((path) => !existsSync(path)),
      page,
    ).toEqual([]);
    const named = [...text.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name = '']) => name);
    expect(
      named.filter((name) => scripts[name] === undefined),
      page,
    ).toEqual([]);
  }
});
