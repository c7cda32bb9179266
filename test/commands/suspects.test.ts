import { expect, test } from 'vitest';
import { suspects } from '../../commands/suspects.ts';
import { plainText } from '../../src/core/reply/text.ts';
import type { ObservedSidekiq, Suspicion } from '../../src/flow/command.ts';
import { printReply } from '../../src/terminal/print.ts';
import { victim } from '../core/attribution/incident.ts';
import { quietNight } from '../core/health/nights.ts';
import { disasterNight, suspicionAfter } from '../core/suspects/nights.ts';
import { aPolicy } from '../snapshots.ts';
import { aBacklog, aContext, answered, aSidekiq, aSuspicion, asked, refused, typed } from './readings.ts';

function ask(suspicion: Suspicion, words: readonly string[] = [], why?: string) {
  const sidekiq = aSidekiq(quietNight(), aBacklog(), 'payroll', suspicion);
  const options = new Map(why === undefined ? [] : [['why', [why]]]);
  return suspects.run({ words, options }, aContext([sidekiq], ['suspects', ...words].join(' ')));
}

const HINT = { jobClass: 'DisasterJob', weight: 3, sentences: ['lies in 4 of 4 private lists'] };

test('the culprit comes first, in two lines, then the numbers', async () => {
  const reply = answered(await ask(disasterNight()));
  expect(plainText(reply.headline)).toMatch(
    /^payroll: DisasterJob is likely killing workers \((\d\d|over 99) %\)\.$/,
  );
  expect(reply).toMatchObject({ tone: 'bad', parts: [{ type: 'paragraph' }, { type: 'table' }, {}, {}] });
  const table = reply.parts.find((part) => part.type === 'table');
  expect(table?.table.rows[0]?.slice(0, 3)).toEqual(['DisasterJob', '>99 %', '9 of 9']);
  const words = printReply(reply, { width: 80, hasColour: false });
  expect(words).toContain('9 crashes, 1 clean stop, 0 killed while stopping, 0 unknown');
  expect(reply.data).toMatchObject({
    verdict: 'likely',
    suspects: [{ class: 'DisasterJob', crashes: 9, isCertain: true, cost: { innocentsKilled: 18 } }, {}, {}],
    ends: { crashed: 9, stopped: 1 },
    hints: null,
  });
});

test('its buttons lead on: why, and what waits', async () => {
  const reply = await ask(disasterNight(), ['2h']);
  expect(asked(reply)).toContain('suspects 2h --why DisasterJob on payroll');
  expect(asked(reply)).toContain('backlog on payroll');
  expect(reply.buttons.slice(-2)).toEqual([{ type: 'refresh', command: 'suspects 2h' }, { type: 'share' }]);
});

test('a purge of the named culprit can be proposed, unless it may not be purged', async () => {
  expect(asked(await ask(disasterNight()))).toContain('purge DisasterJob on payroll');
  expect(asked(await ask(aSuspicion({ hints: [HINT] }))).join()).not.toContain('purge');
  const sidekiq = aSidekiq(quietNight(), aBacklog(), 'payroll', disasterNight());
  const kept = {
    isRecurring: false,
    isProtected: true,
    owner: undefined,
    note: undefined,
    required: undefined,
  };
  const protecting = { ...sidekiq, policy: aPolicy({ classes: new Map([['DisasterJob', kept]]) }) };
  const reply = await suspects.run({ words: [], options: new Map() }, aContext([protecting], 'suspects'));
  expect(asked(reply).join()).not.toContain('purge');
});

test('why this class opens the crashes one by one, the latest first', async () => {
  const reply = answered(await ask(disasterNight(), [], 'DisasterJob'));
  expect(plainText(reply.headline)).toBe('payroll: DisasterJob was in flight at 9 of 9 crashes.');
  const table = reply.parts.find((part) => part.type === 'table');
  expect(table?.table.rows).toHaveLength(9);
  expect(table?.table.rows[0]?.slice(1, 3)).toEqual(['host-11', '1 DisasterJob, 1 SyncJob, 1 MailJob']);
  expect(refused(await ask(disasterNight(), [], 'DisasterJbo')).code).toBe('never_in_flight');
  expect(asked(await ask(disasterNight(), [], 'DisasterJbo'))).toContain(
    'suspects --why DisasterJob on payroll',
  );
});

test('a bot that has seen nothing tells what lies around, and what that is worth', async () => {
  const reply = answered(await ask(aSuspicion({ hints: [HINT] })));
  const words = printReply(reply, { width: 80, hasColour: false }).replaceAll(/\s+/g, ' ');
  expect(words).toContain('no crash was seen happening yet, but what lies around points to DisasterJob.');
  expect(words).toContain('DisasterJob lies in 4 of 4 private lists.');
  expect(words).toContain('Found lying around, not seen happen');
  expect(reply).toMatchObject({ tone: 'warning', data: { watched: null, hints: [{ weight: 3 }] } });
});

test('a quiet night is good news, with the time that was watched', async () => {
  const calm = { beats: Array.from({ length: 90 }, () => ['SyncJob']) };
  const reply = answered(await ask(suspicionAfter([calm], [])));
  expect(reply.tone).toBe('good');
  expect(plainText(reply.headline)).toBe('payroll: no worker process has crashed in 15 min.');
});

test('an innocent majority is not accused', async () => {
  const everyday = ['SyncJob', 'MailJob', 'AuditJob'];
  const reply = answered(
    await ask(
      suspicionAfter(
        [1, 2, 3, 4, 5].map(() => victim(everyday, [], 200)),
        [],
      ),
    ),
  );
  expect(reply.data).toMatchObject({ verdict: 'not enough evidence' });
  expect(plainText(reply.headline)).toContain('no class stands out');
});

test('the window is handed on, and nonsense is refused', async () => {
  const windows: (number | undefined)[] = [];
  const sidekiq: ObservedSidekiq = {
    ...aSidekiq(quietNight()),
    suspicion: async (windowMs) => {
      windows.push(windowMs);
      return aSuspicion();
    },
  };
  await suspects.run(typed('2h'), aContext([sidekiq], 'suspects 2h'));
  await suspects.run(typed(), aContext([sidekiq], 'suspects'));
  expect(windows).toEqual([7_200_000, undefined]);
  for (const wrong of ['yesterday', '0m', '-5m', '5s'])
    expect(refused(await suspects.run(typed(wrong), aContext([sidekiq], ''))).code).toBe('wrong_window');
});
