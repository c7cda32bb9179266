import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Processes and folders that cannot outlive us, not even a kill -9.
 *
 * Beside each of them stands a shell that reads from a pipe whose other end we hold. However we end, the kernel closes
 * that end, the shell's `read` returns, and it does its one last deed. A clean stop takes the same path: we close the pipe.
 */
type Guard = { release(): Promise<void> };

function guard(deed: string, subject: string): Guard {
  // Detached: Ctrl-C in a terminal reaches the whole group, and would take the guard before its deed.
  const shell = spawn('sh', ['-c', `read -r _; ${deed}`, 'sh', subject], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const done = once(shell, 'exit');
  shell.unref();
  return {
    async release() {
      shell.ref();
      shell.stdin?.end();
      await done;
    },
  };
}

/** How a guarded process ended. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A running program together with all that it starts; `kill` ends the whole group at once. */
export type GuardedProcess = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  kill(): Promise<Exit>;
};

/** Starts a program in a process group of its own, which dies with us. */
export async function startGuarded(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'stdio'> = {},
): Promise<GuardedProcess> {
  const child = spawn(command, args, { ...options, detached: true });
  await once(child, 'spawn');
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} started without a process id`);
  const groupGuard = guard('kill -KILL "-$1"', String(pid));
  const exited = once(child, 'exit').then(async ([code, signal]): Promise<Exit> => {
    // Released with the process, so that the guard never holds an id that the kernel may give to another.
    await groupGuard.release();
    return { code, signal };
  });
  return {
    child,
    pid,
    exited,
    async kill() {
      child.kill('SIGKILL');
      return exited;
    },
  };
}

/** A new folder under the system's temporary one that goes away on `remove`, or when we end in whatever way. */
export type GuardedFolder = { readonly path: string; remove(): Promise<void> };

/** Makes a guarded folder; `name` is what a person finds in /tmp while it lives. */
export async function makeGuardedFolder(name: string): Promise<GuardedFolder> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`));
  // Twice: a process that is being killed at the same moment may still write a file into it.
  const folderGuard = guard('rm -rf -- "$1"; [ ! -e "$1" ] || { sleep 1; rm -rf -- "$1"; }', path);
  return { path, remove: () => folderGuard.release() };
}
