import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Alert,
  type AlertState,
  incidentOf,
  NO_ALERTS,
  parseAlert,
} from '../../../src/core/alerts/alert.ts';
import { type AlertMemory, freezeAlerts, thawAlerts } from '../../../src/core/alerts/memory.ts';
import { stepAlerts } from '../../../src/core/alerts/step.ts';
import { closingWords, detailWords, openWords } from '../../../src/core/alerts/words.ts';
import { assess } from '../../../src/core/health/assess.ts';
import { type Sample, sampleOf } from '../../../src/core/health/sample.ts';
import type { SameHour } from '../../../src/core/history/same-hour.ts';
import type { SidekiqPolicy } from '../../../src/core/policy.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import type { Snapshot } from '../../../src/core/sidekiq/snapshot.ts';
import { aPolicy, aProcess, aQueue, aSnapshot, MINUTE_MS, NOW_MS } from '../../snapshots.ts';
import { fewDaysOf, sameHourOf } from '../history/weeks.ts';

/** Each kind of trouble from its first look to its last, at one look in ten seconds; forty jobs in `default` are usual. */

const LOOK_MS = 10_000;
const USUALLY_40 = sameHourOf(NOW_MS);
/** Nothing is usual in the first days; then other days say something, and this weekday has still to come. */
const NO_DAYS = fewDaysOf(NOW_MS, 40, 0);
const OTHER_DAYS = fewDaysOf(NOW_MS);

type World = (minute: number) => Partial<Snapshot>;

/** Jobs are begun all the time, so no queue stands still. */
const counting = (minute: number) => ({
  counters: { processed: 1000 + Math.round(minute * 60), failed: 0, processedToday: 0, failedToday: 0 },
});

function waiting(size: number, over: Partial<Snapshot['queues'][number]> = {}): Partial<Snapshot> {
  return { queues: [aQueue('default', { size, latencyMs: size > 0 ? 5000 : 0, ...over })] };
}

/** What was said of each alert, as `minute: key phase`. */
function play(
  minutes: number,
  world: World,
  policy: SidekiqPolicy = aPolicy(),
  sameHour: SameHour | undefined = USUALLY_40,
) {
  let state: AlertState = NO_ALERTS;
  let samples: readonly Sample[] = [];
  const turns: string[] = [];
  const seen = new Map<string, Alert>();
  for (let ms = 0; ms <= minutes * MINUTE_MS; ms += LOOK_MS) {
    const minute = ms / MINUTE_MS;
    const takenAtMs = NOW_MS + ms;
    const snapshot = aSnapshot({ takenAtMs, ...counting(minute), ...world(minute) });
    samples = [...samples.filter(({ atMs }) => atMs > takenAtMs - 15 * MINUTE_MS), sampleOf(snapshot)];
    const health = assess(snapshot, samples, policy, undefined, sameHour);
    state = stepAlerts(state, { verdict: { kind: 'no crash' }, health }, takenAtMs);
    for (const alert of state.alerts) {
      const before = seen.get(alert.key);
      if (alert.phase !== 'pending' && before?.phase !== alert.phase) {
        turns.push(`${Math.floor(minute)}: ${alert.key} ${alert.phase}`);
      }
      seen.set(alert.key, alert);
    }
  }
  return { turns, alerts: state.alerts };
}

const wordsOf = ({ trouble, sinceMs }: Alert): string => plainText(openWords(trouble, sinceMs));

test('a backlog far beyond usual opens within two minutes, and ends when no more waits than usual', () => {
  const { turns, alerts } = play(30, (minute) =>
    waiting(minute < 1 ? 40 : minute < 10 ? 40 + minute * 1000 : Math.max(40, 10_000 - (minute - 10) * 1000)),
  );
  expect(turns).toEqual(['3: backlog open', '23: backlog closed']);
  const [alert] = alerts;
  expect(alert === undefined ? '' : plainText(closingWords(alert.trouble))).toBe(
    'no more waits than usual. It was 10,000 jobs at most.',
  );
});

test('a backlog names what is usual, and which queues it is in', () => {
  const { alerts } = play(5, (minute) => waiting(312_400 + Math.round(minute * 100)));
  const alert = alerts.find(({ key }) => key === 'backlog');
  if (alert === undefined) throw new Error('no alert');
  expect(wordsOf(alert)).toBe('312,900 jobs wait, usually 40 at this hour.');
  expect(plainText(detailWords(alert.trouble))).toBe(
    'default: 312,900 (usually 40), the next for 5 s. They grow by 100 a minute.',
  );
});

test('what drains soon, is gone in a moment, or is small, is no alert', () => {
  expect(play(20, (minute) => waiting(Math.max(0, 5000 - minute * 500))).turns).toEqual([]);
  expect(play(20, (minute) => waiting(minute % 5 < 1.5 ? 5000 : 40)).turns).toEqual([]);
  expect(play(20, () => waiting(95)).turns).toEqual([]);
  // Somebody imports something for a few minutes.
  expect(play(20, (minute) => waiting(minute < 6 ? 700 : 40)).turns).toEqual([]);
});

test('a burst that is being worked off is no alert, however far it went beyond usual', () => {
  const burst = (minute: number): number => (minute < 5 ? 40 : Math.max(40, 5000 * (1 - (minute - 5) / 8)));
  expect(play(20, (minute) => waiting(Math.round(burst(minute)))).turns).toEqual([]);
});

test('in the first week, what other days did not have is no alert until anybody would call it a backlog', () => {
  const backlog = (latencyMs: number): World => {
    return (minute) => waiting(20_000 + Math.round(minute), { latencyMs: latencyMs + minute * 1000 });
  };
  expect(play(20, backlog(15 * MINUTE_MS), aPolicy(), OTHER_DAYS).turns).toEqual([]);
  expect(play(20, backlog(15 * MINUTE_MS)).turns).toEqual(['2: backlog open']);
  expect(play(20, backlog(40 * MINUTE_MS), aPolicy(), OTHER_DAYS).turns).toEqual(['10: backlog open']);
});

test('a queue named for its promise is held to it without being told', () => {
  const late = (ms: number) => ({
    queues: [aQueue('within_5_minutes', { size: 20, latencyMs: ms })],
    processes: [aProcess('w:1:a', { queues: ['within_5_minutes'] })],
  });
  const { turns, alerts } = play(30, (minute) => late((minute < 20 ? 16 : 1) * MINUTE_MS + minute * 1000));
  expect(turns).toEqual(['2: backlog open', '23: backlog closed']);
  expect(alerts[0]?.trouble).toMatchObject({ queues: [{ name: 'within_5_minutes', targetMs: 300_000 }] });
  const told = aPolicy({ queues: new Map([['within_5_minutes', { latencyTargetMs: 3_600_000 }]]) });
  expect(play(20, () => late(16 * MINUTE_MS), told).turns).toEqual([]);
});

test('a queue from which nothing is taken is told when that is longer than usual, young or not', () => {
  const stopped: World = (minute) =>
    minute < 20 ? waiting(30 + Math.round(minute), { latencyMs: (minute + 1) * MINUTE_MS }) : waiting(5);
  expect(play(25, stopped).turns).toEqual(['4: queue stopped open', '22: queue stopped closed']);
  expect(play(25, stopped, aPolicy(), NO_DAYS).turns).toEqual([
    '11: queue stopped open',
    '22: queue stopped closed',
  ]);
});

test('jobs that no process takes are told after a deploy would be over; a paused queue is not', () => {
  const none: World = (minute) => ({
    ...waiting(12, { latencyMs: minute < 9 ? 1000 + minute * MINUTE_MS : 1000 }),
    processes: minute > 1 && minute < 9 ? [] : [aProcess('w:1:a')],
  });
  const { turns } = play(12, none);
  expect(turns).toEqual(['3: no process open', '10: no process closed']);
  expect(play(12, (minute) => ({ ...none(minute), ...waiting(12, { isPaused: true }) })).turns).toEqual([]);
  const { alerts } = play(5, () => ({
    ...waiting(12),
    processes: [aProcess('w:1:a', { queues: ['other'] })],
  }));
  expect(alerts.map(wordsOf)).toEqual(['no worker process takes jobs from default, where 12 jobs wait.']);
});

test('more failures than usual are told, and fewer are not', () => {
  const failing =
    (share: number): World =>
    (minute) => ({
      counters: {
        processed: Math.round(minute * 60),
        failed: Math.round(minute * 60 * share),
        processedToday: 0,
        failedToday: 0,
      },
    });
  expect(play(10, failing(0.3)).turns).toEqual(['2: failing open']);
  expect(play(10, failing(0.03)).turns).toEqual([]);
  // Nobody knows yet what is usual: only what is broken by any measure.
  expect(play(10, failing(0.3), aPolicy(), NO_DAYS).turns).toEqual([]);
  expect(play(10, failing(0.7), aPolicy(), NO_DAYS).turns).toEqual(['3: failing open']);
});

test('Redis that refuses, is nearly full, or will be within hours is told before it is', () => {
  const redisWith = (over: Partial<Snapshot['redis']>): Partial<Snapshot> => ({
    redis: { ...aSnapshot().redis, maxMemoryBytes: 1000 * 2 ** 20, ...over },
  });
  const refusing: World = () => redisWith({ writes: { state: 'refused', reason: 'OOM' } });
  expect(play(3, refusing).turns).toEqual(['0: redis refuses open']);
  const filling: World = (minute) => redisWith({ usedMemoryBytes: (400 + minute * 4) * 2 ** 20 });
  const { turns, alerts } = play(20, filling);
  expect(turns).toEqual(['16: redis full open']);
  expect(alerts.map(wordsOf)).toEqual([
    'Redis is full in 2 h 10 min at this pace; 48 % of its memory is used.',
  ]);
  expect(play(20, (minute) => redisWith({ usedMemoryBytes: (20 + minute * 5) * 2 ** 20 })).turns).toEqual([]);
  expect(play(5, () => redisWith({ usedMemoryBytes: 950 * 2 ** 20 })).turns).toEqual(['3: redis full open']);
});

test('whatever the backlog does, its alert neither flaps nor repeats', () => {
  const sizes = fc.array(fc.nat(3000), { minLength: 5, maxLength: 30 });
  fc.assert(
    fc.property(sizes, (perMinute) => {
      const { turns } = play(perMinute.length, (minute) => waiting(perMinute[Math.floor(minute)] ?? 0));
      const opened = turns
        .filter((turn) => turn.endsWith('backlog open'))
        .map((turn) => Number.parseInt(turn, 10));
      opened.slice(1).forEach((at, index) => {
        expect(at - (opened[index] ?? 0)).toBeGreaterThanOrEqual(5);
      });
    }),
    { numRuns: 30 },
  );
});

test('what is remembered of every kind comes back as it was', () => {
  const kinds = [
    play(5, () => waiting(5000)),
    play(14, (minute) => waiting(30, { latencyMs: (minute + 1) * MINUTE_MS })),
    play(5, () => ({ ...waiting(12), processes: [] })),
  ].flatMap(({ alerts }) => alerts);
  expect(new Set(kinds.map(({ trouble }) => trouble.kind)).size).toBe(3);
  const memory: AlertMemory = { state: { alerts: kinds }, digests: [] };
  expect(thawAlerts(freezeAlerts(memory))).toEqual(JSON.parse(JSON.stringify(memory)));
  for (const alert of kinds) {
    expect(parseAlert(incidentOf('payroll', alert).body)).toEqual(JSON.parse(JSON.stringify(alert)));
  }
});
