import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type GuardedProcess, startGuarded } from '../guarded.ts';
import { type BotSettings, configText, environmentFor, pathsIn } from './settings.ts';

const STOP_DEADLINE_MS = 10_000;

/** Starts the bot as anybody would: its own process, told by environment and settings file. */
export async function startBot(
  program: string,
  settings: BotSettings,
  say: (line: string) => void,
): Promise<GuardedProcess> {
  await writeFile(pathsIn(settings.folder).config, configText(settings), { mode: 0o600 });
  const bot = await startGuarded(process.execPath, [program], {
    cwd: settings.folder,
    env: environmentFor(settings, process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [bot.child.stdout, bot.child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => say(`bot: ${line}`));
  }
  return bot;
}

/** TERM, so that it takes its leave; SIGKILL for one that does not go. */
export async function stopBot(bot: GuardedProcess): Promise<void> {
  bot.child.kill('SIGTERM');
  const tooLong = setTimeout(() => bot.kill(), STOP_DEADLINE_MS);
  await bot.exited;
  clearTimeout(tooLong);
}
