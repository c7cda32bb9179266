import { expect, test } from 'vitest';
import type { Message } from '../../src/sandbox/page/api.ts';
import { eventually } from '../eventually.ts';
import { startPostgresServer } from '../postgres-server.ts';
import { CHANNEL, type Stage, setStage, told } from './stage.ts';

const EVERY_MINUTE = { sidekiq: 'payroll', channel: CHANNEL, cron: '* * * * *', timezone: 'America/Denver' };

const isMorning = (message: Message): boolean =>
  message.channel === CHANNEL && message.threadTs === undefined && /payroll: .*(night)/.test(message.text);

const mornings = (stage: Stage): readonly Message[] =>
  stage.sandbox.people.messagesSeenBy('U0BEN', CHANNEL).filter(isMorning);

/** Waits for the beginning of the next minute; the bots' clock is the machine's. */
const nextMinute = async (): Promise<void> => {
  const minute = Math.floor(Date.now() / 60_000);
  await eventually(() => Math.floor(Date.now() / 60_000) > minute, 65_000);
};

test('three bots on PostgreSQL, one of them killed at the minute, post one morning a minute', {
  timeout: 300_000,
}, async () => {
  await using postgres = await startPostgresServer();
  const databaseUrl = await postgres.createDatabase();
  await using stage = await setStage({ reports: [EVERY_MINUTE] });
  await stage.startBot(databaseUrl);
  await stage.startBot(databaseUrl);
  const victim = await stage.startBot(databaseUrl);
  // What was due before they started is posted late, and is not what this is about.
  await eventually(() => mornings(stage).length > 0, 60_000);
  const before = mornings(stage).length;
  await nextMinute();
  await victim.kill();
  await eventually(() => mornings(stage).length === before + 1, 50_000);
  await nextMinute();
  await eventually(() => mornings(stage).length === before + 2, 20_000);
  const threads = stage.sandbox.people
    .messagesSeenBy('U0BEN', CHANNEL)
    .filter(({ threadTs }) => threadTs !== undefined);
  expect(threads.some(({ text }) => text.includes('the night in detail'))).toBe(true);
});

test('a channel without the bot is told to the operators; report shows the post to the asking person alone', {
  timeout: 120_000,
}, async () => {
  await using stage = await setStage({
    reports: [{ ...EVERY_MINUTE, channel: 'C0AUDIT' }],
    alerts: { channel: CHANNEL },
  });
  const { people, faults } = stage.sandbox;
  faults.failNext('chat.postMessage', { kind: 'error', error: 'not_in_channel' });
  await stage.startBot();
  const trouble = await people.waitForMessage(
    'U0BEN',
    ({ text }) => text.includes('did not reach its channel'),
    80_000,
  );
  expect(trouble.channel).toBe(CHANNEL);
  expect(trouble.text).toContain('Invite me there with /invite');

  await people.say({ as: 'U0DANA', channel: CHANNEL, text: '/sidekiq report' });
  const report = await told(stage, 'U0DANA', 'payroll: ');
  expect(report.text).toMatch(/night/);
  expect(people.messagesSeenBy('U0BEN', CHANNEL).some(({ ts }) => ts === report.ts)).toBe(false);
  const { stdout } = await stage.tool('sidekiq -- report --json');
  expect(JSON.parse(stdout)).toMatchObject({ sidekiq: 'payroll', finish: 'unseen' });
});
