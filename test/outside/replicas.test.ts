import { expect, test } from 'vitest';
import { startPostgresServer } from '../postgres-server.ts';
import { auditOf, current, LEADS, propose, reads, setStage } from './stage.ts';
import { startWorker } from './worker.ts';

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
