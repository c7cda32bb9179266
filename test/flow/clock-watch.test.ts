import { expect, test } from 'vitest';
import { plainText } from '../../src/core/reply/text.ts';
import { ClockWatch } from '../../src/flow/clock-watch.ts';
import { logInto } from '../slack/bot.ts';

const NOW_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;

/** Clocks that are set by hand; each `look` is one of the watch. */
function aStage() {
  const told: string[] = [];
  const kept = new Map<string, string>();
  let look = () => {};
  const stage = {
    told,
    lines: [] as Parameters<typeof logInto>[0],
    storeMs: NOW_MS,
    slackMs: NOW_MS,
    /** What Slack says when it is asked, if it is. */
    heardMs: undefined as number | undefined,
    takes: true,
    look: async () => {
      look();
      await new Promise(setImmediate);
    },
    begin: () => {
      const clock = (nowMs: () => number) => ({ nowMs, steadyMs: nowMs, wait: async () => {} });
      const watch = new ClockWatch({
        own: {
          ...clock(() => stage.storeMs),
          wait: () =>
            new Promise<void>((resolve) => {
              look = resolve;
            }),
        },
        store: clock(() => stage.storeMs),
        chatTime: {
          nowMs: () => stage.slackMs,
          hear: async () => {
            stage.slackMs = stage.heardMs ?? stage.slackMs;
          },
        },
        isReachedOverHttp: true,
        machine: 'bot-1',
        notes: {
          load: async (id) => kept.get(id),
          save: async (id, text) => {
            kept.set(id, text);
          },
          change: async () => {},
        },
        tell: async (message) => {
          if (stage.takes) told.push(plainText(message.headline));
          return stage.takes;
        },
        log: logInto(stage.lines),
      });
      watch.start();
      return watch;
    },
  };
  return stage;
}

test('what Slack does not take is told at a later look, once, and logged once', async () => {
  const stage = aStage();
  stage.begin();
  await stage.look();
  stage.takes = false;
  stage.storeMs += 3 * HOUR_MS;
  await stage.look();
  await stage.look();
  expect(stage.told).toEqual([]);
  stage.takes = true;
  for (let nth = 0; nth < 3; nth += 1) await stage.look();
  expect(stage.told).toEqual([
    expect.stringContaining('ahead of Slack’s: every command and press is refused'),
    expect.stringContaining('no archive expires'),
  ]);
  expect(stage.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
});

test('after a machine slept Slack is asked before its old word is believed', async () => {
  const stage = aStage();
  stage.begin();
  await stage.look();
  stage.storeMs += 3 * HOUR_MS;
  stage.heardMs = stage.storeMs;
  await stage.look();
  expect(stage.told).toEqual([]);
  expect(stage.lines).toEqual([]);
});
