import { readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';
import { commandsRunBy } from './inventory.ts';
import { blockOf } from './pages.ts';
import { runs } from './stage.ts';

/**
 * The whole check can't run inside itself. So it is run up to its parts: of the tests one file, and the others, which have just been
 * run or are about to be, only as far as to their names.
 */
const ONE_FILE = 'test/core/nearest.test.ts';

/** What stands before the real programs. With these no test installs anything on anybody's machine either. */
const STAND_INS: Readonly<Record<string, string>> = {
  npm: `case "$*" in
  test) exec "$REAL_NPM" test ;;
  'run -s check:tests') echo check:tests; exec "$REAL_NPM" run -s check:tests -- ${ONE_FILE} ;;
  'run -s check:'*) echo "$3" ;;
  *) echo "not expected: npm $*" >&2; exit 3 ;;
esac`,
  id: 'echo 1000',
  unshare: 'exit 1',
  sudo: 'exit 1',
  brew: 'exit 1',
};

const PARTS = ['check:format', 'check:types', 'check:unused', 'check:tests'];

test('the check of the README goes through all its parts, and so does npm test', async () => {
  const folder = await makeGuardedFolder('poison-control-check');
  try {
    for (const [name, text] of Object.entries(STAND_INS)) {
      await writeFile(join(folder.path, name), `#!/bin/sh\n${text}\n`);
      await chmod(join(folder.path, name), 0o755);
    }
    const path = process.env['PATH'] ?? '';
    const env = {
      PATH: `${folder.path}:${path}`,
      HOME: process.env['HOME'] ?? '',
      REAL_NPM: (await runs('command -v npm', { PATH: path })).trim(),
    };
    for (const command of [blockOf('sh-check').text, ...commandsRunBy('test/docs/check.test.ts')]) {
      const said = await runs(command, env);
      expect(said.match(/^check:\w+$/gm), command).toEqual(PARTS);
      expect(said).toMatch(/1 passed/);
    }
  } finally {
    await folder.remove();
  }
}, 120_000);

test('what the README calls the whole check is what CI runs', () => {
  const ci = readFileSync('.github/workflows/ci.yml', 'utf8');
  for (const command of blockOf('sh-check').lines) expect(ci).toContain(`- run: ${command}\n`);
});
