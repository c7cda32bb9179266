import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linkedCheckout } from './checkout.ts';
import { commandsRunBy } from './inventory.ts';
import { PAGES } from './pages.ts';
import { runs } from './stage.ts';

/** The first bytes of every PNG, and where its width and height stand. */
const PNG = '89504e470d0a1a0a';
const [WIDTH_AT, HEIGHT_AT] = [16, 20];

test('the pictures of the pages are made by the command that the README names', async () => {
  // Pictures are not to change because somebody runs the tests.
  const folder = await linkedCheckout(['docs']);
  try {
    await mkdir(join(folder.path, 'docs'));
    const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', WATCHED_MS: '0' };
    const [command = 'false'] = commandsRunBy('test/docs/pictures.test.ts');
    await runs(`cd ${folder.path}; ${command}`, env);
    const shown = new Set<string>();
    for (const page of PAGES)
      for (const [, path = ''] of (await readFile(page, 'utf8')).matchAll(/!\[[^\]]*\]\((\S+\.png)\)/g))
        shown.add(path);
    const made = await readdir(join(folder.path, 'docs', 'pictures'));
    expect(made.map((name) => `docs/pictures/${name}`).toSorted()).toEqual([...shown].toSorted());
    for (const path of shown) {
      const [fresh, kept] = [await readFile(join(folder.path, path)), await readFile(path)];
      expect(fresh.subarray(0, 8).toString('hex'), path).toBe(PNG);
      for (const at of [WIDTH_AT, HEIGHT_AT])
        expect(fresh.readUInt32BE(at), path).toBe(kept.readUInt32BE(at));
    }
  } finally {
    await folder.remove();
  }
}, 240_000);
