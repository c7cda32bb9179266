import { expect, test } from 'vitest';
import { judge, type Verdict } from '../../../src/core/attribution/verdict.ts';
import { verdictSentences } from '../../../src/core/attribution/verdict-sentences.ts';
import { evidenceOf, type Life, observationsOf, victim } from './incident.ts';

function verdictAfter(lives: readonly Life[]): Verdict {
  return judge(evidenceOf(observationsOf(lives)));
}

/** A process that runs two jobs of one class all its life. */
const calm: Life = { beats: Array.from({ length: 60 }, () => ['SyncJob', 'MailJob']) };

/** What every process runs at any time. */
const EVERYDAY = ['SyncJob', 'MailJob', 'AuditJob', 'IndexJob'];

test('a culprit is likely, with the numbers that explain it and what it cost the others', () => {
  const verdict = verdictAfter([
    calm,
    calm,
    ...[1, 2, 3, 4, 5].map(() => victim(['SyncJob', 'MailJob'], ['BadJob'])),
  ]);
  expect(verdict).toMatchObject({
    kind: 'likely',
    suspect: {
      jobClass: 'BadJob',
      crashes: 5,
      events: 5,
      isCertain: true,
      cost: { threadsLost: 25, innocentsKilled: 10, workLostMs: 0 },
    },
    others: [],
  });
  const [headline, reason] = verdictSentences(verdict);
  expect(headline).toMatch(/^BadJob is likely killing workers \((\d\d|over 99) %\)\.$/);
  expect(reason).toMatch(
    /^In flight in 5 of 5 crashes; takes 1 % of worker time; processes crash \d+× as often while it runs\.$/,
  );
});

test('a culprit that fills every process is not said to crash them 0.8 times as often', () => {
  const verdict = verdictAfter([1, 2, 3, 4, 5, 6].map(() => ({ ...victim(['BadJob'], ['BadJob']) })));
  if (!('suspect' in verdict) || verdict.suspect === undefined) throw new Error(verdict.kind);
  expect(verdict.suspect.rateRatio).toBeUndefined();
  expect(verdictSentences(verdict)[1]).toMatch(
    /% of processes at any time, so there is little to compare with/,
  );
});

test('however sure one event looks, it is no more than a suspicion', () => {
  const gone = { ...victim(['SyncJob'], ['BadJob'], 300), host: 'h', startedAtMs: 0 };
  const verdict = verdictAfter([calm, calm, calm, gone]);
  expect(verdict).toMatchObject({
    kind: 'suspected',
    suspect: { jobClass: 'BadJob', events: 1, isCertain: false },
  });
  expect(verdictSentences(verdict)[0]).toMatch(/^BadJob is suspected of killing workers \(\d\d %\)\.$/);
});

test('a class that is always there is mentioned, and not blamed', () => {
  const verdict = verdictAfter([1, 2, 3, 4, 5].map(() => victim(EVERYDAY, [], 200)));
  expect(verdict.kind).toBe('not enough evidence');
  const [headline, reason] = verdictSentences(verdict);
  expect(headline).toBe(
    '5 crashes; no class stands out: AuditJob was in 5 of 5, but it is in 100 % of processes at any time.',
  );
  expect(reason).toMatch(
    /^Not enough evidence; the best two so far: AuditJob \(\d+ %, in 5 of 5\), IndexJob /,
  );
});

test('processes of one host that go at once look like the machine', () => {
  const verdict = verdictAfter(
    [0, 3, 8].map((second) => ({ ...victim(EVERYDAY, [], 200), host: 'host-4', startedAtMs: second * 1000 })),
  );
  expect(verdict).toMatchObject({ kind: 'machine', loss: { host: 'host-4', processes: 3, withinMs: 8000 } });
  expect(verdictSentences(verdict)[0]).toBe(
    '3 processes on host-4 were lost within 8 s: looks like the machine.',
  );
});

test('one bad job is named by its id', () => {
  const verdict = verdictAfter([
    calm,
    ...[1, 2, 3, 4].map(() => victim(['MailJob', 'SyncJob'], ['MailJob#13'])),
  ]);
  expect(verdict).toMatchObject({ suspect: { jobClass: 'MailJob', job: { jid: 'MailJob-13', crashes: 4 } } });
  expect(verdictSentences(verdict)[1]).toMatch(
    /; the same job \(jid MailJob-13\) was in flight at 4 crashes\.$/,
  );
});

test('memory is mentioned where it grew while the class ran, and at the end was large', () => {
  const grown = [...Array.from({ length: 27 }, (_, beat) => 300 + (beat % 3)), 1000, 1700, 2400];
  const lives = [1, 2, 3].map(
    (): Life => ({
      beats: [
        ...Array.from({ length: 27 }, () => ['SyncJob']),
        ...[1, 2, 3].map(() => ['SyncJob', 'FatJob']),
      ],
      rssMb: grown,
      end: 'crash',
    }),
  );
  const verdict = verdictAfter(lives);
  expect(verdict).toMatchObject({ kind: 'likely', suspect: { jobClass: 'FatJob' } });
  expect(verdictSentences(verdict)[1]).toMatch(/; memory grew by 2\.\d GB while it ran\.$/);
});

test('memory that creeps up over hours is never more than a suspicion', () => {
  const beats = Array.from({ length: 200 }, (_, beat) =>
    beat % 4 === 0 ? ['SyncJob', 'LeakJob'] : ['SyncJob', 'MailJob'],
  );
  const rssMb = beats.map((_, beat) => 300 + 40 * Math.floor(beat / 4));
  const verdict = verdictAfter([1, 2, 3, 4].map(() => ({ beats, rssMb, end: 'crash' as const })));
  expect(verdict.kind).toBe('slow leak');
  expect(verdictSentences(verdict)[0]).toMatch(/^Memory creeps up over/);
});

test('without a crash, or with nothing known of what ran, it says so', () => {
  expect(verdictSentences(verdictAfter([calm]))[0]).toBe('No worker process has crashed.');
  expect(verdictSentences(verdictAfter([victim([], [])]))[0]).toBe(
    '1 crash; no job was known to be in flight.',
  );
});
