import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Exit, type GuardedProcess, startGuarded } from '../../../src/sandbox/guarded.ts';
import { eventually } from '../../eventually.ts';

/** The demo as a process of its own, with a stand-in for the bot, in a temporary folder that must end up empty. */
export class DemoProcess implements AsyncDisposable {
  readonly #process: GuardedProcess;
  readonly #folder: string;
  #output = '';

  constructor(process: GuardedProcess, folder: string) {
    this.#process = process;
    this.#folder = folder;
    for (const stream of [process.child.stdout, process.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
  }

  get output(): string {
    return this.#output;
  }

  get exited(): Promise<Exit> {
    return this.#process.exited;
  }

  /** The address of its page, once it has said it. */
  async address(withinMs = 50_000): Promise<string> {
    const said = (): string | undefined => /^Sandbox: (\S+)$/m.exec(this.#output)?.[1];
    await eventually(() => said() !== undefined, withinMs);
    return said() ?? '';
  }

  /** The processes that it started, and those that they did. */
  descendants(): readonly Descendant[] {
    return descendantsOf(this.#process.pid);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.#process.pid, name);
  }

  /** What a terminal does: everything in the foreground hears it. */
  pressCtrlC(): void {
    process.kill(-this.#process.pid, 'SIGINT');
  }

  /** Resolves when nothing is left of these processes and of its files. */
  async leavesNothing(of: readonly Descendant[]): Promise<void> {
    await eventually(() => !of.some(({ pid }) => isRunning(pid)), 15_000);
    await eventually(async () => (await readdir(this.#folder)).length === 0, 15_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.kill();
    await rm(this.#folder, { recursive: true });
  }
}

type Descendant = { readonly pid: number; readonly command: string };

export async function startDemo(
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<DemoProcess> {
  const program = join(import.meta.dirname, 'run-with-stand-in.ts');
  return startAsDemo(process.execPath, [program, ...words], { env });
}

/** The same of what a person types at a terminal, and with the bot itself. */
export function typeDemo(
  text: string,
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<DemoProcess> {
  return startAsDemo('bash', ['-euo', 'pipefail', '-c', text], options);
}

async function startAsDemo(
  program: string,
  words: readonly string[],
  { cwd, env }: { readonly cwd?: string; readonly env?: Record<string, string> },
): Promise<DemoProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-test-'));
  const started = await startGuarded(program, words, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, TMPDIR: folder, SANDBOX_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new DemoProcess(started, folder);
}

/** Those that a process started, and those that they did, the nearest first. */
export function descendantsOf(pid: number): Descendant[] {
  const children = allProcesses().filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid)]);
}

/** A bare Debian has no `ps`, and a Mac no /proc. */
function allProcesses(): (Descendant & { readonly parent: number })[] {
  if (!existsSync('/proc/self/stat')) {
    const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
    return lines.flatMap((line) => {
      const [pid, parent, ...command] = line.trim().split(/\s+/);
      return [{ pid: Number(pid), parent: Number(parent), command: command.join(' ') }];
    });
  }
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const parent = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return [{ pid: Number(pid), parent, command }];
    } catch {
      // Not a process, or one that has just ended.
      return [];
    }
  });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
