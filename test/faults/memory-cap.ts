import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';

/** So much memory, as a container has it: the kernel kills who needs more. */
export type MemoryCap = AsyncDisposable & {
  /** From now on this process counts. */
  readonly add: (pid: number) => Promise<void>;
  /** How many the kernel has killed for it. */
  readonly kills: () => Promise<number>;
};

/** The two kinds of cgroups: where they lie, and their words for it. */
const KINDS = [
  { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', kills: 'memory.oom_control' },
  { root: '/sys/fs/cgroup', limit: 'memory.max', kills: 'memory.events' },
] as const;

/** A cgroup of the test's own. Undefined where the kernel, or who keeps it, lets us make none: that needs root. */
export async function capMemory(limitMb: number): Promise<MemoryCap | undefined> {
  for (const { root, limit, kills } of KINDS) {
    const group = join(root, `poison-control-${process.pid}`);
    if (
      !existsSync(root) ||
      !(await mkdir(group).then(
        () => true,
        () => false,
      ))
    )
      continue;
    if (!existsSync(join(group, limit))) {
      await rmdir(group);
      continue;
    }
    await writeFile(join(group, limit), String(limitMb * 2 ** 20));
    return {
      add: (pid) => writeFile(join(group, 'cgroup.procs'), String(pid)),
      kills: async () => Number(/^oom_kill (\d+)$/m.exec(await readFile(join(group, kills), 'utf8'))?.[1]),
      [Symbol.asyncDispose]: () =>
        eventually(() =>
          rmdir(group).then(
            () => true,
            () => false,
          ),
        ),
    };
  }
  return undefined;
}
