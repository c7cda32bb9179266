import { execFile } from 'node:child_process';
import { chmod, mkdir, open, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';

const run = promisify(execFile);

/** A disk of its own that a test can fill to the last byte, and make room on again. */
export type SmallDisk = AsyncDisposable & {
  readonly path: string;
  fillUp(): Promise<void>;
  makeRoom(): Promise<void>;
};

/** A tmpfs, which says ENOSPC as any disk does. Mounting needs root, or sudo without a password. */
export async function mountSmallDisk(sizeMb: number): Promise<SmallDisk> {
  const folder = await makeGuardedFolder('poison-control-disk');
  const path = join(folder.path, 'disk');
  await mkdir(path);
  // PostgreSQL runs as a user of its own, and comes through here to what is its.
  await chmod(folder.path, 0o711);
  const uid = String(process.getuid?.() ?? 0);
  await asRoot('mount', '-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=0711,uid=${uid}`, 'tmpfs', path);
  const filler = join(path, 'filler');
  return {
    path,
    fillUp: async () => {
      const file = await open(filler, 'w');
      // Smaller and smaller pieces, to the last byte.
      for (const piece of [Buffer.alloc(2 ** 20), Buffer.alloc(4096), Buffer.alloc(1)]) {
        while (await fits(file.write(piece)));
      }
      await file.close();
    },
    makeRoom: () => unlink(filler),
    [Symbol.asyncDispose]: async () => {
      await asRoot('umount', '--lazy', path);
      await rm(path, { recursive: true, force: true });
      await folder.remove();
    },
  };
}

async function fits(writing: Promise<{ readonly bytesWritten: number }>): Promise<boolean> {
  try {
    return (await writing).bytesWritten > 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}

async function asRoot(program: string, ...args: readonly string[]): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  await (isRoot ? run(program, args) : run('sudo', ['-n', program, ...args]));
}
