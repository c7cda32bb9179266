import { expect, test } from 'vitest';
import { actions } from '../../commands/actions.ts';
import type { ArchiveAccount } from '../../src/core/archive/archive.ts';
import { renderReply } from '../../src/slack/render/reply.ts';
import { proposed } from '../core/approval/cast.ts';
import { quietNight } from '../core/health/nights.ts';
import { NO_RECORDS } from '../no-records.ts';
import { NOW_MS } from '../snapshots.ts';
import { aContext, aSidekiq } from './readings.ts';

const DEBT: ArchiveAccount = {
  actionId: 'k7q2mp',
  sidekiq: 'payroll',
  jobClass: 'TaxJob',
  archived: 400,
  restored: 88,
  uncertain: 0,
  writtenOff: 0,
  owed: 312,
  firstAtMs: NOW_MS - 2 * 86_400_000,
  lastAtMs: NOW_MS,
  owner: '@payroll',
  expiresAtMs: undefined,
};

/** What Slack shows in a channel of `payroll` where one purge was proposed. */
async function shown(archives: readonly ArchiveAccount[]): Promise<string> {
  const records = { ...NO_RECORDS, proposals: async () => [proposed()], archives: async () => archives };
  const context = { ...aContext([aSidekiq(quietNight())], 'actions'), records };
  const reply = await actions.run({ words: [], options: new Map() }, context);
  return JSON.stringify(renderReply(reply, { hasCharts: true }).blocks);
}

test('what is owed stands above what was proposed, and leaves nothing of it out', async () => {
  const owing = Array.from({ length: 12 }, (_, nth) => ({ ...DEBT, actionId: `k7q2m${nth}` }));
  const words = await shown(owing);
  expect(words).toContain('3,744 archived jobs are owed');
  expect(words).toContain(
    'Purge debt `k7q2m0`: `TaxJob`, 312 of 400 jobs archived 2 d ago, neither put back nor written off. Owner: @payroll.',
  );
  expect(words).toContain('… and 2 more');
  expect(words).toContain('Actions, newest first');
  expect(words).not.toContain('Left out');
});

test('the debts of a sidekiq that is asked about elsewhere are not told', async () => {
  expect(await shown([{ ...DEBT, sidekiq: 'billing' }])).not.toContain('TaxJob');
});
