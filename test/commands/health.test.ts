import { expect, test } from 'vitest';
import { health } from '../../commands/health.ts';
import { NOTHING } from '../../src/core/reply/reply.ts';
import { plainText } from '../../src/core/reply/text.ts';
import { RedisUnavailable } from '../../src/ports/reading.ts';
import { printReply } from '../../src/terminal/print.ts';
import { incidentNight, quietNight } from '../core/health/nights.ts';
import { sameHourOf } from '../core/history/weeks.ts';
import { aBacklog, aContext, answered, aSidekiq, asked, typed } from './readings.ts';

const PAGE = { width: 80, hasColour: false };
const down = (): Error => new RedisUnavailable('mail', 'Redis refuses the connection.', undefined);

test('one sidekiq is answered in full, with buttons that lead on', async () => {
  const reply = await health.run(typed(), aContext([aSidekiq(incidentNight())], 'health'));
  expect(reply).toMatchObject({ type: 'answer', tone: 'bad' });
  expect(asked(reply)).toContain('backlog on payroll');
  expect(reply.buttons.slice(-2)).toEqual([{ type: 'refresh', command: 'health' }, { type: 'share' }]);
});

test('no button asks for a command that does not exist', async () => {
  const context = { ...aContext([aSidekiq(incidentNight())], 'health'), commands: [] };
  expect(asked(await health.run(typed(), context))).toEqual([]);
});

test('the five questions are answered in the order in which they are asked', async () => {
  const reply = await health.run(typed(), aContext([aSidekiq(quietNight())], 'health'));
  const facts = answered(reply).parts.find((part) => part.type === 'facts');
  expect(facts?.facts.map(({ label }) => label)).toEqual([
    'Waiting',
    'Running',
    'Redis',
    'Errors',
    'Processes',
  ]);
});

test('several are shown in one table, the worst first, and one that is down does not hide the others', async () => {
  const sidekiqs = [
    aSidekiq(quietNight(), aBacklog(), 'billing'),
    aSidekiq(down(), aBacklog(), 'mail'),
    aSidekiq(incidentNight()),
  ];
  const reply = await health.run(typed(), aContext(sidekiqs, 'health'));
  const words = printReply(reply, PAGE).replaceAll(/\s+/g, ' ');
  expect(words).toContain("mail can't be read: Redis refuses the connection.");
  expect(words).toContain('Recurring::DisasterJob holds 25 of 25 threads');
  const table = answered(reply).parts.find((part) => part.type === 'table');
  expect(table?.table.rows.map(([name, verdict]) => [name, verdict])).toEqual([
    ['payroll', 'incident'],
    ['mail', 'unread'],
    ['billing', 'healthy'],
  ]);
});

test('each of several says what usually waits, where that is known', async () => {
  const known = quietNight();
  const sameHour = sameHourOf(known.snapshot.takenAtMs, 40);
  const sidekiqs = [aSidekiq({ ...known, sameHour }), aSidekiq(quietNight(), aBacklog(), 'young')];
  const { parts } = answered(await health.run(typed(), aContext(sidekiqs, 'health')));
  const { table } = parts.find((part) => part.type === 'table') ?? {};
  const usual = table?.columns.findIndex(({ heading }) => heading === 'Usual') ?? -1;
  expect(table?.rows.map((row) => [row[0], row[usual]])).toEqual([
    ['payroll', '40'],
    ['young', NOTHING],
  ]);
});

test('beside what waits, fails and fills Redis stands what is usual at this hour', async () => {
  const night = incidentNight();
  const sameHour = sameHourOf(night.snapshot.takenAtMs, 40);
  const told = {
    ...sameHour,
    past: sameHour.past.map((hour) => ({
      ...hour,
      sample: { ...hour.sample, retrySetSize: 7, scheduledSetSize: 50 },
    })),
  };
  const reply = await health.run(typed(), aContext([aSidekiq({ ...night, sameHour: told })], 'health'));
  const words = printReply(reply, { ...PAGE, width: 200 }).replaceAll(/\s+/g, ' ');
  expect(words).toMatch(/[\d,]+ jobs in 3 queues, usually 40 at this hour/);
  expect(words).toMatch(/ get[s]? done, usually 60 a minute at this hour/);
  expect(words).toMatch(/ to be retried[^;]*, usually 7 at this hour/);
  expect(words).toMatch(/ dead, usually none at this hour, \d+ in the last hour/);
  expect(words).toMatch(/ used, usually [\d.]+ MB at this hour/);
  expect(words).toMatch(/3 h \(usually under 1 s\)/);
});

test('an overview of healthy ones says so in a few words', async () => {
  const sidekiqs = ['a', 'b'].map((name) => aSidekiq(quietNight(), aBacklog(), name));
  const reply = await health.run(typed(), aContext(sidekiqs, 'health'));
  expect(plainText(answered(reply).headline)).toBe('All 2 sidekiqs are healthy.');
  expect(reply).toMatchObject({ tone: 'good' });
});

test('a bug is not mistaken for a Redis that is down', async () => {
  const sidekiqs = [aSidekiq(quietNight()), aSidekiq(new TypeError('a bug'), aBacklog(), 'mail')];
  await expect(health.run(typed(), aContext(sidekiqs, 'health'))).rejects.toThrow('a bug');
});

test('a single one that can not be read fails to its asker', async () => {
  await expect(health.run(typed(), aContext([aSidekiq(down())], 'health'))).rejects.toThrow('refuses');
});

test('no arguments, identities or job ids are told', async () => {
  const reply = await health.run(typed(), aContext([aSidekiq(incidentNight())], 'health'));
  expect(JSON.stringify(reply)).not.toMatch(/"args"|worker-0:1:abc0-0/);
});
