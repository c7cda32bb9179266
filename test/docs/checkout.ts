import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type GuardedFolder, makeGuardedFolder } from '../../src/sandbox/guarded.ts';

/**
 * A folder that is this checkout by links, but for what is left out: what a command writes beside the program comes to lie here. A
 * `node_modules` that is a link is never installed anew by the scripts, in the middle of other tests.
 */
export async function linkedCheckout(without: readonly string[] = []): Promise<GuardedFolder> {
  const folder = await makeGuardedFolder('poison-control-checkout');
  const checkout = process.cwd();
  const names = (await readdir(checkout)).filter((name) => !['.git', ...without].includes(name));
  await Promise.all(names.map((name) => symlink(join(checkout, name), join(folder.path, name))));
  return folder;
}
