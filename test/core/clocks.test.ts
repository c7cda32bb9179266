import { expect, test } from 'vitest';
import { clockTroubles, timeToForgetBy } from '../../src/core/clocks.ts';

const NOW_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Slack's is right; the others are so far off. */
function clocks(ownOffMs: number, storeOffMs: number) {
  return { ownMs: NOW_MS + ownOffMs, storeMs: NOW_MS + storeOffMs, slackMs: NOW_MS };
}

const codesOf = (...given: Parameters<typeof clockTroubles>) =>
  clockTroubles(...given).map(({ code }) => code);

test('clocks that agree are no trouble, and the store’s says what is over', () => {
  expect(codesOf(clocks(1500, -900), true)).toEqual([]);
  expect(timeToForgetBy(clocks(1500, -900))).toBe(NOW_MS - 900);
});

test('a store that is ahead of Slack by more than an hour lets nothing be forgotten; one that is behind only later', () => {
  expect(timeToForgetBy(clocks(0, 60 * MINUTE_MS))).toBe(NOW_MS + 60 * MINUTE_MS);
  expect(timeToForgetBy(clocks(0, 61 * MINUTE_MS))).toBeUndefined();
  expect(timeToForgetBy(clocks(0, -100 * DAY_MS))).toBe(NOW_MS - 100 * DAY_MS);
  expect(clockTroubles(clocks(100 * DAY_MS, 100 * DAY_MS), false)).toEqual([
    {
      code: 'forgets_nothing',
      sentence:
        'The store’s clock is 100 d ahead of Slack’s: until the two agree no archive expires and no history is thinned. Let NTP set the clock of the machine that the store is on.',
    },
  ]);
});

test('this machine’s own clock decides nothing: a store that Slack bears out goes on', () => {
  const own = clocks(100 * DAY_MS, 0);
  expect(timeToForgetBy(own)).toBe(NOW_MS);
  expect(codesOf(own, false)).toEqual(['own_is_off']);
  expect(codesOf(clocks(-3 * MINUTE_MS, 0), true)).toEqual(['own_is_off']);
});

test('before Slack was heard nothing is forgotten, and that is said', () => {
  const unheard = { ...clocks(0, 0), slackMs: undefined };
  expect(timeToForgetBy(unheard)).toBeUndefined();
  expect(codesOf(unheard, true)).toEqual(['forgets_nothing']);
});

test('over HTTP a clock that is more than five minutes ahead refuses Slack; over a socket, or behind, it does not', () => {
  const ahead = clocks(6 * MINUTE_MS, 0);
  expect(clockTroubles(ahead, true)[0]).toMatchObject({
    code: 'refuses_slack',
    sentence: expect.stringContaining('6 min ahead of Slack’s: every command and press is refused'),
  });
  expect(codesOf(ahead, false)).toEqual(['own_is_off']);
  expect(codesOf(clocks(4 * MINUTE_MS, 0), true)).toEqual(['own_is_off']);
  expect(codesOf(clocks(-6 * MINUTE_MS, 0), true)).toEqual(['own_is_off']);
});
