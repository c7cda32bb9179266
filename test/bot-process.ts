import { readFileSync } from 'node:fs';
import { type Exit, makeGuardedFolder, startGuarded } from '../src/sandbox/guarded.ts';
import { eventually } from './eventually.ts';

/** The bot as a process of its own, started as `npm start` does, with these settings and no others. */
export type BotProcess = AsyncDisposable & {
  readonly output: () => string;
  readonly exited: Promise<Exit>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves when it says that it runs. */
  readonly runs: () => Promise<void>;
  /** The most that it ever had in memory. */
  readonly peakMb: () => number;
};

/** `mostMb`: the kernel gives it so much memory of its own and no more. */
export async function startBotProcess(env: Record<string, string>, mostMb?: number): Promise<BotProcess> {
  const folder = await makeGuardedFolder('poison-control-bot');
  const cap = mostMb === undefined ? '' : `ulimit -d ${mostMb * 1024}; `;
  const program = `${cap}exec "$0" "$@"`;
  const bot = await startGuarded('sh', ['-c', program, process.execPath, `${process.cwd()}/src/main.ts`], {
    cwd: folder.path,
    env: { HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [bot.child.stdout, bot.child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return {
    output: () => output,
    exited: bot.exited,
    signal: (name) => process.kill(bot.pid, name),
    peakMb: () => {
      const status = readFileSync(`/proc/${bot.pid}/status`, 'utf8');
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
    },
    runs: () => eventually(() => output.includes('Poison Control is running')),
    [Symbol.asyncDispose]: async () => {
      await bot.kill();
      await folder.remove();
    },
  };
}
