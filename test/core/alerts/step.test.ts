import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlertState, NO_ALERTS } from '../../../src/core/alerts/alert.ts';
import { untold } from '../../../src/core/alerts/digest.ts';
import { digestMessage } from '../../../src/core/alerts/message.ts';
import { type AlertReading, stepAlerts } from '../../../src/core/alerts/step.ts';
import type { Verdict } from '../../../src/core/attribution/verdict.ts';
import { assess, type Health } from '../../../src/core/health/assess.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import { aPolicy, aPrivateList, aSnapshot, MINUTE_MS } from '../../snapshots.ts';

/** A healthy sidekiq with so many stranded jobs. */
function healthAt(minute: number, strandedJobs = 0): Health {
  const privateLists = strandedJobs === 0 ? [] : [aPrivateList({ size: strandedJobs })];
  return assess(aSnapshot({ takenAtMs: minute * MINUTE_MS, privateLists }), [], aPolicy());
}

const NONE: Verdict = { kind: 'no crash' };

/** Crashes at these minutes, each on a host of its own, of which no class is suspected. */
function crashesAt(...minutes: readonly number[]): Verdict {
  if (minutes.length === 0) return NONE;
  const crashes = minutes.map((minute, index) => {
    return { identity: `h${index}:1:a`, host: `h${index}`, atMs: minute * MINUTE_MS };
  });
  return {
    kind: 'not enough evidence',
    crashes,
    noneP: 0.9,
    machineLosses: [],
    best: [],
    commonest: undefined,
  };
}

function named(kind: 'likely' | 'suspected', p: number, lastMinute: number): Verdict {
  const { crashes } = crashesAt(lastMinute - 4, lastMinute) as Extract<Verdict, { crashes: unknown }>;
  const suspect = {
    jobClass: 'DisasterJob',
    p,
    crashes: 2,
    events: 2,
    lastCrashAtMs: lastMinute * MINUTE_MS,
    workShare: 0.04,
    processShare: 0.1,
    rateRatio: 50,
    cost: { threadsLost: 10, innocentsKilled: 3, workLostMs: 0 },
    isCertain: p >= 0.95,
  };
  return { kind, crashes, noneP: 1 - p, machineLosses: [], suspect, others: [] };
}

/** Plays looks `[minute, verdict, stranded jobs]` and tells how the alerts stood after each. */
function play(looks: readonly (readonly [number, Verdict, number?])[]): readonly (readonly string[])[] {
  let state: AlertState = NO_ALERTS;
  return looks.map(([minute, verdict, jobs = 0]) => {
    const reading: AlertReading = { verdict, health: healthAt(minute, jobs) };
    state = stepAlerts(state, reading, minute * MINUTE_MS);
    return state.alerts
      .filter(({ phase }) => phase !== 'pending')
      .map(({ key, phase }) => `${key}: ${phase}`);
  });
}

test('three crashes within ten minutes are a loop; a quarter of an hour without any ends it', () => {
  expect(
    play([
      [1, crashesAt(0)],
      [12, crashesAt(0, 11)],
      [14, crashesAt(0, 11, 13)],
      [15, crashesAt(0, 11, 13, 14)],
      [28, crashesAt(0, 11, 13, 14)],
      [30, crashesAt(0, 11, 13, 14)],
      [31, crashesAt(0, 11, 13, 14, 31)],
    ]),
  ).toEqual([
    [],
    [],
    [],
    ['crash loop: open'],
    ['crash loop: open'],
    ['crash loop: closed'],
    ['crash loop: closed'],
  ]);
});

test('five processes of one host lost at once are no loop', () => {
  const verdict = crashesAt(0, 0, 0, 0, 0);
  if (verdict.kind === 'no crash') throw new Error('made up wrongly');
  const crashes = verdict.crashes.map((crash) => ({ ...crash, host: 'h' }));
  expect(play([[1, { ...verdict, crashes }]])).toEqual([[]]);
});

test('a loop of processes that all beat again is taken back', () => {
  expect(
    play([
      [3, crashesAt(0, 1, 2)],
      [4, NONE],
      [5, NONE],
    ]),
  ).toEqual([['crash loop: open'], ['crash loop: corrected'], ['crash loop: corrected']]);
});

test('a class is announced when it is likely, taken back when belief falls, closed when it is calm', () => {
  expect(
    play([
      [5, named('suspected', 0.6, 4)],
      [6, named('likely', 0.85, 5)],
      [7, named('suspected', 0.5, 5)],
      [8, crashesAt(5)],
      [9, named('likely', 0.85, 8)],
      [10, named('likely', 0.97, 9)],
      [41, named('likely', 0.97, 9)],
    ]),
  ).toEqual([
    [],
    ['likely class DisasterJob: open'],
    ['likely class DisasterJob: open'],
    ['likely class DisasterJob: corrected'],
    ['likely class DisasterJob: corrected'],
    ['likely class DisasterJob: open'],
    ['likely class DisasterJob: closed'],
  ]);
});

test('jobs count as stranded when they have lain for minutes, and a moment without changes nothing', () => {
  expect(
    play([
      [0, NONE, 5],
      [3, NONE, 5],
      [4, NONE, 0],
      [5, NONE, 7],
      [10, NONE, 7],
      [11, NONE, 0],
      [12, NONE, 9],
      [20, NONE, 0],
      [25, NONE, 0],
    ]),
  ).toEqual([
    [],
    [],
    [],
    [],
    ['stranded jobs: open'],
    ['stranded jobs: open'],
    ['stranded jobs: open'],
    ['stranded jobs: open'],
    ['stranded jobs: closed'],
  ]);
});

test('whatever swings, an alert of one trouble never opens twice within a quarter of an hour', () => {
  const looks = fc.array(
    fc.record({ crashed: fc.boolean(), p: fc.double({ min: 0, max: 0.94, noNaN: true }), jobs: fc.nat(3) }),
    { maxLength: 120 },
  );
  fc.assert(
    fc.property(looks, (seen) => {
      let state: AlertState = NO_ALERTS;
      const openedAt = new Map<string, number>();
      const crashes: number[] = [];
      seen.forEach(({ crashed, p, jobs }, minute) => {
        if (crashed) crashes.push(minute);
        const likely = named(p >= 0.8 ? 'likely' : 'suspected', p, minute);
        const verdict = crashed && p >= 0.4 ? { ...likely, ...onlyCrashes(crashes) } : crashesAt(...crashes);
        const before = state;
        state = stepAlerts(state, { verdict, health: healthAt(minute, jobs) }, minute * MINUTE_MS);
        for (const { key, phase } of state.alerts) {
          const was = before.alerts.find((alert) => alert.key === key)?.phase;
          if (phase !== 'open' || was === 'open') continue;
          expect(minute - (openedAt.get(key) ?? -1000)).toBeGreaterThan(9);
          openedAt.set(key, minute);
        }
      });
    }),
  );
});

function onlyCrashes(minutes: readonly number[]) {
  const verdict = crashesAt(...minutes);
  return verdict.kind === 'no crash' ? {} : { crashes: verdict.crashes };
}

test('a message leads with what is wrong, and its buttons lead on', () => {
  const state = stepAlerts(
    NO_ALERTS,
    { verdict: named('likely', 0.97, 5), health: healthAt(6) },
    6 * MINUTE_MS,
  );
  const told = untold(state.alerts, []);
  const message = digestMessage('payroll', 'x', told, { mute: undefined, ack: undefined });
  expect(plainText(message.headline)).toBe('payroll: DisasterJob is likely killing workers (97 %).');
  expect(message.parts.map((part) => (part.type === 'paragraph' ? plainText(part.text) : ''))).toEqual([
    'In flight in 2 of 2 crashes; takes 4 % of worker time. It cost 10 threads and 3 jobs of other classes.',
  ]);
  expect(message.buttons.map((button) => ('label' in button ? button.label : ''))).toEqual([
    'Suspects',
    'Backlog',
    'Health',
    'Acknowledge',
    'Mute 1 h',
  ]);
});

test('a clock that steps back an hour makes no trouble wait for an hour: what had lasted begins to last anew', () => {
  const stranded = (minute: number) => ({ verdict: NONE, health: healthAt(minute, 100) });
  const step = (state: AlertState, minute: number, reading: AlertReading) =>
    stepAlerts(state, reading, minute * MINUTE_MS);
  const seen = step(NO_ALERTS, 600, stranded(600));
  expect(seen.alerts).toMatchObject([{ phase: 'pending' }]);
  const afterStep = step(seen, 540, stranded(540));
  const opened = step(afterStep, 550, stranded(550));
  expect(opened.alerts).toMatchObject([{ phase: 'open', sinceMs: 540 * MINUTE_MS }]);
  const calm = step(opened, 551, { verdict: NONE, health: healthAt(551) });
  const calmAfterStep = step(calm, 491, { verdict: NONE, health: healthAt(491) });
  const closed = step(calmAfterStep, 520, { verdict: NONE, health: healthAt(520) });
  expect(closed.alerts).toMatchObject([{ phase: 'closed', sinceMs: 540 * MINUTE_MS }]);
});
