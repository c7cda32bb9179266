import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { Books, type Found, settle } from '../../bench/week/books.ts';
import { Clicks } from '../../bench/week/clicks.ts';
import { noteIn } from '../../bench/week/fleet-line.ts';
import { judgeMemory } from '../../bench/week/memory.ts';
import { beyondPlan, signalledTooOften } from '../../bench/week/plans.ts';
import { RealWork } from '../../bench/week/real-work.ts';
import { judgeActions, type Recorded } from '../../bench/week/records.ts';
import { answerSince, lookAt } from '../../bench/week/sight.ts';
import type { Delivery } from '../../src/sandbox/delivery.ts';
import type { Message } from '../../src/sandbox/page/api.ts';
import type { People } from '../../src/sandbox/people.ts';

/** The judges of the week in bench/week.ts can find what they are there to find. */

const jobText = (jid: string, more = '') => `{"class":"PayrollRunJob","jid":"${jid}"${more}}`;
const NOWHERE: Found = {
  inRedis: new Map(),
  archived: new Map(),
  uncertain: new Set(),
  everArchived: new Set(),
};
const at = (jid: string, text = jobText(jid)) => new Map([[jid, [crc32(text)]]]);

/** Books in which one job was pushed by the way that a fleet pushes. */
function booksWith(jid = 'a'): Books {
  const books = new Books();
  noteIn(books, [['LPUSH', 'queue:payroll', jobText(jid)]], [1]);
  return books;
}

/** A worker ends it; `removed` is what Redis said to the LREM. */
function end(books: Books, jid: string, removed: number): void {
  noteIn(books, [['LREM', 'queue:payroll_host_0', 1, jobText(jid)]], [removed]);
}

const names = ({ lost, doubled, stolen, changed }: ReturnType<typeof settle>) =>
  Object.entries({ lost, doubled, stolen, changed })
    .filter(([, lines]) => lines.length > 0)
    .map(([name]) => name);

test('a job that is done, waits, or is archived once is at peace; one that is nowhere is lost', () => {
  const done = booksWith();
  end(done, 'a', 1);
  expect(names(settle(done, NOWHERE, 'exactly once'))).toEqual([]);
  expect(names(settle(booksWith(), { ...NOWHERE, inRedis: at('a') }, 'exactly once'))).toEqual([]);
  expect(names(settle(booksWith(), { ...NOWHERE, archived: new Map([['a', 1]]) }, 'exactly once'))).toEqual(
    [],
  );
  for (const delivers of ['exactly once', 'at least once'] as const)
    expect(names(settle(booksWith(), NOWHERE, delivers))).toEqual(['lost']);
});

test('a worker that is done before Redis has answered the push is believed', () => {
  const books = new Books();
  books.finished('a');
  noteIn(books, [['LPUSH', 'queue:payroll', jobText('a')]], [1]);
  expect(names(settle(books, NOWHERE, 'at least once'))).toEqual([]);
});

test('a job in two places is doubled, and so is one that is done and still waits, or that nobody pushed', () => {
  const twice: Found = { ...NOWHERE, inRedis: at('a'), archived: new Map([['a', 1]]) };
  for (const delivers of ['exactly once', 'at least once'] as const)
    expect(names(settle(booksWith(), twice, delivers))).toEqual(['doubled']);
  const done = booksWith();
  end(done, 'a', 1);
  for (const delivers of ['exactly once', 'at least once'] as const)
    expect(names(settle(done, { ...NOWHERE, inRedis: at('a') }, delivers))).toEqual(['doubled']);
  const stranger: Found = { ...NOWHERE, inRedis: new Map([...at('a'), ...at('b')]) };
  expect(names(settle(booksWith(), stranger, 'exactly once'))).toEqual(['doubled']);
});

test('a purge of a running job is told from a rescue that stole it; changed bytes are seen', () => {
  const ranOn = booksWith();
  end(ranOn, 'a', 0);
  const purged: Found = { ...NOWHERE, archived: new Map([['a', 1]]), everArchived: new Set(['a']) };
  expect(settle(ranOn, purged, 'exactly once')).toMatchObject({ ranOn: 1, doubled: [], stolen: [] });
  expect(names(settle(ranOn, { ...NOWHERE, inRedis: at('a') }, 'exactly once'))).toEqual(['stolen']);
  expect(names(settle(ranOn, { ...NOWHERE, everArchived: new Set(['a']) }, 'exactly once'))).toEqual([
    'lost',
  ]);
  const other = { ...NOWHERE, inRedis: at('a', jobText('a', ',"x":1')) };
  expect(names(settle(booksWith(), other, 'exactly once'))).toEqual(['changed']);
});

test('a job that fails goes on in the retry set, and its new bytes count', () => {
  const books = booksWith();
  const retried = jobText('a', ',"retry_count":0');
  const calls = [['ZADD', 'retry', 1, retried] as const, ['LREM', 'list', 1, jobText('a')] as const];
  noteIn(books, calls, [1, 1]);
  expect(books.done).toBe(0);
  expect(names(settle(books, { ...NOWHERE, inRedis: at('a', retried) }, 'exactly once'))).toEqual([]);
});

test('of a real worker that was killed a job may run again, of one that was not it may not', () => {
  const line = (jid: string, what: string) =>
    `pid=1 tid=x class=PayrollRunJob jid=${jid} tags=payroll ${what}\n`;
  for (const isKilled of [true, false]) {
    const books = booksWith();
    const work = new RealWork(books);
    work.hear(line('a', 'INFO: start'));
    if (isKilled) work.hear('INFO: Booting Sidekiq 6.4.1\n');
    for (let nth = 0; nth < 2; nth += 1)
      work.hear(line('a', 'INFO: start') + line('a', 'elapsed=0.1 INFO: done'));
    const account = settle(books, NOWHERE, 'at least once');
    expect([account.runAgain, names(account)]).toEqual(isKilled ? [1, []] : [0, ['doubled']]);
  }
});

const story = (...whats: readonly string[]): Recorded[] =>
  whats.map((what) => ({ what, proposalId: 'p', who: { id: what === 'proposed' ? 'U0ANN' : 'U0BEN' } }));
const AGREED = ['proposed', 'vote', 'approved'];

test('an action that starts twice, ends twice, goes on after its end, or never ends is found', () => {
  const good = story(...AGREED, 'started', 'step', 'interrupted', 'resumed', 'step', 'done', 'refused');
  expect(judgeActions(good)).toMatchObject({ ran: 1, twice: [], endless: [], unapproved: [] });
  for (const tail of [
    ['started', 'started', 'done'],
    ['started', 'done', 'done'],
    ['started', 'done', 'step'],
  ])
    expect(judgeActions(story(...AGREED, ...tail)).twice).toHaveLength(1);
  expect(judgeActions(story(...AGREED, 'started', 'step')).endless).toHaveLength(1);
});

test('an action that started without a second person is found', () => {
  expect(judgeActions(story('proposed', 'started', 'done')).unapproved).toHaveLength(1);
  const alone = story(...AGREED, 'started', 'done').map((one) => ({ ...one, who: { id: 'U0ANN' } }));
  expect(judgeActions(alone).unapproved).toHaveLength(1);
});

test('a delivery that nobody acknowledged is found, unless its bot was cut off at that moment', () => {
  const delivery = (envelopeId: string, sentAtMs: number, afterMs?: number): Delivery => ({
    envelopeId,
    kind: 'interactive',
    payload: {},
    person: 'U0ANN',
    sentAtMs,
    connections: [1],
    acks: afterMs === undefined ? [] : [{ afterMs, payload: undefined, isLate: afterMs > 3000 }],
  });
  const clicks = new Clicks();
  const nowMs = Date.now();
  const [quiet, cut] = [nowMs - 100_000, nowMs];
  clicks.deafen(false)();
  clicks.judge(
    [
      delivery('good', quiet, 20),
      delivery('none', quiet),
      delivery('late', quiet, 3200),
      delivery('cut', cut),
    ],
    nowMs + 10_000,
  );
  expect(clicks).toMatchObject({ acknowledged: 1, excusedAcks: 1 });
  expect(clicks.unacknowledged).toHaveLength(2);
});

test('a bot that no longer knows of a window has not answered, whatever fault there was', async () => {
  const clicks = new Clicks();
  clicks.deafen(true);
  const sent = async () => ({ ok: true }) as const;
  await clicks.follow('Ann: purge, sent off', sent, () => 'lost');
  expect(clicks).toMatchObject({ answered: 0, excusedAnswers: 0 });
  expect(clicks.unanswered).toEqual([expect.stringContaining('its window was lost')]);
});

test('that a window was lost is seen in what is said to whoever sent it off', () => {
  const said: Message[] = [];
  const people = {
    messagesSeenBy: (_person: string, channel: string) => said.filter((one) => one.channel === channel),
    modalsOf: () => [],
    homeOf: () => undefined,
  } as unknown as People;
  const ann = { id: 'U0ANN', name: 'Ann' };
  const before = lookAt(people, ann.id);
  expect(answerSince(people, ann, before, undefined)).toBeUndefined();
  const message = { channel: 'C0PAYROLL', ts: '1', isEphemeral: true, kind: 'message', blocks: [] };
  said.push({ ...message, text: 'I no longer know what this window was about: …' } as unknown as Message);
  expect(answerSince(people, ann, before, undefined)).toBe('lost');
});

test('memory that grows is told from memory that is flat', () => {
  const grown = (perMinuteMb: number) =>
    judgeMemory(
      Array.from({ length: 60 }, (_, minute) => ({
        replica: 'elder',
        atMs: minute * 60_000,
        ageMs: minute * 60_000,
        mb: 150 + minute * perMinuteMb,
      })),
      'elder',
    ).growth;
  expect(grown(0)).toBe(1);
  expect(grown(2)).toBeGreaterThan(1.2);
});

test('a purge that takes another class or a later job is found, and so is a process that is told twice', () => {
  const plan = { action: 'purge', jobClass: 'PayrollRunJob', cutOffMs: 5000, places: [] };
  const job = (jobClass: string, created_at: number) =>
    JSON.stringify({ class: jobClass, jid: 'a', created_at });
  expect(beyondPlan(plan, job('PayrollRunJob', 4))).toBe(undefined);
  expect(beyondPlan(plan, job('PayrollRunJob', 6))).toContain('after the plan');
  expect(beyondPlan(plan, job('TaxFilingJob', 4))).toContain('is of TaxFilingJob');
  const quiet = { ...plan, action: 'quiet', places: [{ name: 'old-1:1:ab', count: 1 }] };
  expect(signalledTooOften(new Map([['old-1:1:ab', 1]]), [quiet])).toEqual([]);
  expect(signalledTooOften(new Map([['old-1:1:ab', 2]]), [quiet])).toHaveLength(1);
});
