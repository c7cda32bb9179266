import { Redis } from 'ioredis';
import type { Message } from '../../src/sandbox/page/api.ts';
import { killProcess, seedProcess } from '../redis/rescue/seeds.ts';
import { CHANNEL, DEAD, fresh, runs, STRANDED, type Stage } from './stage.ts';

/** The actions that a page may mean by ACTION. */
export type Past = { readonly purged: string; readonly rescued: string };

/** Waits for a proposal's own message, as it reads then. */
function proposal({ sandbox }: Stage, words: RegExp): Promise<Message> {
  return sandbox.people.waitForMessage(
    'U0BEN',
    ({ isEphemeral, threadTs, text }) => !isEphemeral && threadTs === undefined && words.test(text),
    30_000,
  );
}

/** What was done before somebody reads on: a purge that was stopped, so that its jobs are owed, and a rescue. Then all waits anew. */
export async function makePast(stage: Stage): Promise<Past> {
  const { people } = stage.sandbox;
  const say = (text: string) => people.say({ as: 'U0ANN', channel: CHANNEL, text });
  await say('/sidekiq purge Recurring::DisasterJob --reason "it kills"');
  await people.pressButton(
    'U0BEN',
    await proposal(stage, /asks to purge[\s\S]*waits for approval/),
    'Approve',
  );
  await people.pressButton('U0ANN', await proposal(stage, /1 of 1 done/), 'Stop');
  await proposal(stage, /: stopped/);
  await say('/sidekiq migrate rescue --reason "their hosts are gone"');
  await people.pressButton(
    'U0BEN',
    await proposal(stage, /asks to rescue[\s\S]*waits for approval/),
    'Approve',
  );
  await proposal(stage, /asks to rescue[\s\S]*: done/);
  await seedAgain(stage.redisUrl);
  const listed = JSON.parse(await runs('npm run -s sidekiq -- actions --json', stage.env)) as {
    readonly actions: readonly { readonly id: string; readonly action: string }[];
  };
  const idOf = (name: string) => listed.actions.find(({ action }) => action === name)?.id ?? '';
  return { purged: idOf('purge'), rescued: idOf('rescue') };
}

async function seedAgain(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.lpush('queue:default', fresh('Recurring::DisasterJob'), fresh('TaxFilingJob'));
  await seedProcess(redis, 'old-1:1:aaaaaaaaaaaa', { version: '7.3.10' });
  await seedProcess(redis, 'new-1:1:bbbbbbbbbbbb', { version: '7.3.10', isSuper: true });
  await seedProcess(redis, DEAD, { version: '7.3.10', isSuper: true });
  await killProcess(redis, DEAD);
  await redis.lpush(STRANDED, fresh('TaxFilingJob'), fresh('PayrollRunJob'));
  await redis.quit();
}
