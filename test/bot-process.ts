import { readFileSync } from 'node:fs';
import { type Exit, makeGuardedFolder, startGuarded } from '../src/sandbox/guarded.ts';
import { eventually } from './eventually.ts';

/** The bot as a process of its own, started as `npm start` does, with these settings and no others. */
export type BotProcess = AsyncDisposable & {
  readonly pid: number;
  readonly output: () => string;
  readonly exited: Promise<Exit>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves when it says that it runs. */
  readonly runs: () => Promise<void>;
  /** The most that it ever had in memory, as the kernel counts it who would kill it for more. */
  readonly peakMb: () => number;
};

export async function startBotProcess(env: Record<string, string>): Promise<BotProcess> {
  const folder = await makeGuardedFolder('poison-control-bot');
  const bot = await startGuarded(
    process.execPath,
    ['--max-semi-space-size=8', `${process.cwd()}/src/main.ts`],
    {
      cwd: folder.path,
      env: { HTTP_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [bot.child.stdout, bot.child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return {
    pid: bot.pid,
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
