import { expect, test } from 'vitest';
import { judgeClock } from '../../../src/core/doctor/clock.ts';
import { judgeRedis, type RedisFacts } from '../../../src/core/doctor/redis.ts';
import { judgeSlack } from '../../../src/core/doctor/slack.ts';
import { judgeStore } from '../../../src/core/doctor/store.ts';

const AGREES = "Its clock agrees with this machine's.";
const off = (seconds: string, where: string) => `Its clock is ${seconds} s ${where} this machine's.`;

const TABLE: readonly (readonly [number | undefined, string, string])[] = [
  [0, 'good', AGREES],
  [2000, 'good', AGREES],
  [-2000, 'good', AGREES],
  [2001, 'warning', off('2', 'ahead of')],
  [-2340, 'warning', off('2.3', 'behind')],
  [60_000, 'warning', off('60', 'ahead of')],
  [60_001, 'wrong', off('60', 'ahead of')],
  [-3_600_000, 'wrong', off('3600', 'behind')],
  [undefined, 'unknown', 'Its clock could not be read.'],
  [Number.NaN, 'unknown', 'Its clock could not be read.'],
];

test.each(TABLE)('%s ms: %s', (aheadMs, verdict, sentence) => {
  expect(judgeClock('store', 'Its', aheadMs)).toMatchObject({ about: 'store', verdict, sentence });
});

const REDIS: RedisFacts = {
  version: '7.2.4',
  role: 'master',
  maxMemoryPolicy: 'noeviction',
  maxMemoryBytes: 0,
  clockAheadMs: 0,
  notReadable: [],
  acting: { type: 'may' },
  processCount: 1,
};

/** What each of the three says of a clock that is so far ahead. */
const OTHERS: readonly (readonly [
  string,
  (clockAheadMs: number) => readonly { sentence: string; verdict: string }[],
])[] = [
  ['Redis', (clockAheadMs) => judgeRedis('Redis of payroll', { ...REDIS, clockAheadMs }, true)],
  [
    'the store',
    (clockAheadMs) =>
      judgeStore({
        kind: 'postgres',
        schema: { number: 5, isUsable: true },
        knownSchema: 5,
        isWritable: true,
        freeBytes: undefined,
        clockAheadMs,
      }),
  ],
  [
    'Slack',
    (clockAheadMs) =>
      judgeSlack({
        bot: { type: 'in', team: 'Acme', user: 'bot', scopes: undefined },
        appToken: { error: undefined },
        channels: [],
        members: [],
        clockAheadMs,
      }),
  ],
];

test.each(OTHERS)('the clock of %s is judged: a little is fine, a minute is not', (whose, judge) => {
  const ofClock = (aheadMs: number) =>
    judge(aheadMs).find(({ sentence }) => sentence.includes('clock'))?.verdict;
  expect(ofClock(1000)).toBe('good');
  // Slack tells whole seconds, and the answer takes a way of its own.
  expect(ofClock(4000)).toBe(whose === 'Slack' ? 'good' : 'warning');
  expect(ofClock(-6000)).toBe('warning');
  expect(ofClock(90_000)).toBe('wrong');
});
