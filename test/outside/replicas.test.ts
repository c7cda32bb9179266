import { expect, test } from 'vitest';
import { startPostgresServer } from '../postgres-server.ts';
import { auditOf, CHANNEL, current, isProposal, LEADS, propose, reads, setStage } from './stage.ts';
import { startWorker, type Worker } from './worker.ts';

test('twenty presses of ten people at two bots at once approve it once and carry it out once', async () => {
  await using postgres = await startPostgresServer();
  const databaseUrl = await postgres.createDatabase();
  await using stage = await setStage({ approvals: { required: 2 } });
  await using worker = await startWorker(stage.redisUrl, 'host-both');
  await stage.startBot(databaseUrl);
  await stage.startBot(databaseUrl);
  const message = await propose(stage, 'host-both');
  const shown = current(stage, message);
  const { people } = stage.sandbox;
  await Promise.all([...LEADS, ...LEADS].map((lead) => people.pressButton(lead, shown, 'Approve')));
  await reads(stage, message, ': done', 40_000);
  expect(worker.signals).toEqual(['TSTP']);
  // All twenty are answered for before the count.
  await expect
    .poll(async () => tallyOf((await auditOf(stage, databaseUrl)).records), { timeout: 30_000 })
    .toEqual({ vote: 2, refused: 18, approved: 1, started: 1, done: 1 });
  const { verified, records } = await auditOf(stage, databaseUrl);
  expect(verified.code).toBe(0);
  const voters = records.filter(({ what }) => what === 'vote').map(({ who }) => who.id);
  expect(new Set(voters).size).toBe(2);
}, 120_000);

test('windows and presses that reach either bot, or both of them, late and out of order: each proposes, agrees and acts once', async () => {
  await using postgres = await startPostgresServer();
  const databaseUrl = await postgres.createDatabase();
  await using stage = await setStage({ approvals: { required: 2 } });
  await using workers = new AsyncDisposableStack();
  const hosts = ['host-one', 'host-two', 'host-three', 'host-four'];
  const byHost = new Map<string, Worker>();
  for (const host of hosts) byHost.set(host, workers.use(await startWorker(stage.redisUrl, host)));
  await stage.startBot(databaseUrl);
  await stage.startBot(databaseUrl);
  const { people, faults } = stage.sandbox;
  for (const [nth, host] of hosts.entries()) {
    await people.say({ as: 'U0ANN', channel: CHANNEL, text: `/sidekiq quiet ${host}` });
    const window = await people.waitFor(() => people.modalsOf('U0ANN').at(-1), 20_000);
    // The bots take turns: every other submission, and one copy of each that comes twice, meets the bot that opened no window.
    if (nth % 2 === 1) faults.deliverTwice();
    await people.submit({ as: 'U0ANN', viewId: window.id, values: { reason: { value: 'it hinders' } } });
    const message = await people.waitForMessage(
      'U0BEN',
      (one) => isProposal(one) && one.text.includes(host),
      20_000,
    );
    faults.deliverTwice(2);
    faults.delayNextDelivery(500);
    await Promise.all(['U0LEAD1', 'U0LEAD2'].map((lead) => people.pressButton(lead, message, 'Approve')));
    await reads(stage, message, ': done', 40_000);
    expect(byHost.get(host)?.signals).toEqual(['TSTP']);
  }
  const { verified, records } = await auditOf(stage, databaseUrl);
  expect(verified.code).toBe(0);
  expect(records.filter(({ what }) => what === 'proposed')).toHaveLength(hosts.length);
  expect(tallyOf(records)).toMatchObject({ vote: 8, approved: 4, started: 4, done: 4 });
  expect(people.messagesSeenBy('U0BEN', CHANNEL).filter(isProposal)).toHaveLength(hosts.length);
  const said = people.messagesSeenBy('U0ANN', CHANNEL).map(({ text }) => text);
  expect(said.join('\n')).not.toContain('what this window was about');
}, 180_000);

function tallyOf(records: readonly { readonly what: string }[]) {
  const count = (what: string) => records.filter((record) => record.what === what).length;
  return {
    vote: count('vote'),
    refused: count('refused'),
    approved: count('approved'),
    started: count('started'),
    done: count('done'),
  };
}
