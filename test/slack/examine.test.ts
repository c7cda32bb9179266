import { expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { examineSlack } from '../../src/slack/examine.ts';
import { HeldClock } from './held-clock.ts';

/** The doctor's questions to Slack, when Slack has enough of them. */

const GROUPS = Array.from({ length: 12 }, (_, nth) => `S0TEAM${nth}`);
const MEMBERS = ['approvals.requesters', 'approvals.approvers'].flatMap((setting) =>
  ['S0LEADS', ...GROUPS].map((id) => ({ id, setting })),
);

function examined(sandbox: Sandbox, clock: HeldClock) {
  const { apiUrl, botToken, appToken } = sandbox;
  const channels = ['alerts.channel', 'audit.channel'].map((setting) => ({
    id: 'C0ALERTS',
    setting,
    isPostedTo: true,
  }));
  return examineSlack({ apiUrl, botToken, appToken, channels, members: MEMBERS }, clock);
}

const callsOf = (sandbox: Sandbox, method: string) =>
  sandbox.calls.filter((call) => call.method === method).length;

test('each id is asked for once, whatever names it, and told of for each setting', async () => {
  await using sandbox = await startSandbox();
  const { channels, members } = await examined(sandbox, new HeldClock());
  expect(callsOf(sandbox, 'usergroups.users.list')).toBe(GROUPS.length + 1);
  expect(callsOf(sandbox, 'conversations.info')).toBe(1);
  expect(channels.map(({ setting }) => setting)).toEqual(['alerts.channel', 'audit.channel']);
  expect(members.map(({ id, setting }) => ({ id, setting }))).toEqual(MEMBERS);
  expect(members.filter(({ id }) => id === 'S0LEADS').map(({ found }) => found)).toEqual([
    { people: expect.arrayContaining(['U0BEN']) },
    { people: expect.arrayContaining(['U0BEN']) },
  ]);
});

test('when Slack says to wait, it waits that long and asks again', async () => {
  await using sandbox = await startSandbox();
  const clock = new HeldClock();
  sandbox.faults.failNext('usergroups.users.list', { kind: 'rate_limited', retryAfterS: 30 }, 2);
  sandbox.faults.failNext('apps.connections.open', { kind: 'error', error: 'ratelimited' });
  const facts = examined(sandbox, clock);
  for (const ms of [1000, 30_000, 30_000]) {
    await expect.poll(() => clock.waitsMs).toEqual([ms]);
    clock.pass(ms);
  }
  const { appToken, members } = await facts;
  expect(appToken).toEqual({ error: undefined });
  expect(members[0]?.found).toHaveProperty('people');
});

test('beyond two minutes in all it leaves that method alone, says so of each, and asks the others', async () => {
  await using sandbox = await startSandbox();
  const clock = new HeldClock();
  sandbox.faults.failNext('usergroups.users.list', { kind: 'rate_limited', retryAfterS: 50 }, 99);
  const facts = examined(sandbox, clock);
  for (let nth = 1; nth <= 2; nth += 1) {
    await expect.poll(() => clock.waitsMs).toEqual([50_000]);
    clock.pass(50_000);
  }
  const { channels, members } = await facts;
  expect(callsOf(sandbox, 'usergroups.users.list')).toBe(3);
  expect(new Set(members.map(({ found }) => JSON.stringify(found)))).toEqual(
    new Set(['{"error":"ratelimited"}']),
  );
  expect(channels[0]?.found).toMatchObject({ name: 'payroll-alerts' });
});
