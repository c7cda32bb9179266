import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../src/core/reply/reply.ts';
import { plainText, say } from '../../src/core/reply/text.ts';
import { Reporting, type ReportingDesk } from '../../src/flow/reporting.ts';
import { ChatFailed, type MessageRef } from '../../src/ports/chat.ts';
import { openStore } from '../../src/store/open.ts';
import { type LogLine, logInto } from '../slack/bot.ts';
import { HeldClock } from '../slack/held-clock.ts';
import { DATABASE_NAMES, type DatabaseName, type Databases, startDatabases } from '../store/databases.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases[Symbol.asyncDispose]());

const MINUTE_MS = 60_000;
const saidBy = (words: string): Answer => ({
  type: 'answer',
  tone: 'good',
  headline: say`${words}`,
  parts: [],
  buttons: [],
  data: null,
});

type Posted = { readonly channel: string; readonly words: string; readonly thread: MessageRef | undefined };

/** Replicas over one store and one channel; what is posted is written down. The post is due at minute 10. */
async function stageOn(name: DatabaseName, replicas = 3) {
  const store = await openStore(await databases.createUrl(name));
  const clock = new HeldClock();
  const startMs = clock.nowMs();
  const dueMs = startMs + 10 * MINUTE_MS;
  const posted: Posted[] = [];
  const lines: LogLine[] = [];
  const world = {
    isExternal: false,
    /** What Slack says to a post in the channel of the report. */
    failure: undefined as string | undefined,
    operators: ['COPS'],
    /** Channels of the operators that take nothing. */
    deaf: [] as readonly string[],
    /** A process that dies while it composes, or while it posts, never comes back from that. */
    diesAt: undefined as 'compose' | 'post' | undefined,
  };
  const never = () => new Promise<never>(() => {});
  const desk = (): ReportingDesk => ({
    schedules: [
      {
        sidekiq: 'payroll',
        channel: 'C1',
        key: 'payroll/1',
        dueBetween: (afterMs, untilMs) => (dueMs > afterMs && dueMs <= untilMs ? [dueMs] : []),
      },
    ],
    compose: async (_schedule, lateSinceMs) => {
      if (world.diesAt === 'compose') return never();
      const late = lateSinceMs === undefined ? '' : ' (late)';
      return { message: saidBy(`morning${late}`), details: saidBy('details') };
    },
    store,
    chat: {
      post: async (channel, message, thread) => {
        if (channel === 'C1' && world.diesAt === 'post') return never();
        if (channel === 'C1' && world.failure !== undefined)
          throw new ChatFailed(world.failure, `Slack said ${world.failure}.`, undefined);
        if (world.deaf.includes(channel)) throw new ChatFailed('is_archived', 'It is archived.', undefined);
        posted.push({ channel, words: plainText(message.headline), thread });
        return { channel, id: String(posted.length) };
      },
      update: async () => {},
    },
    directory: {
      channel: async (id) => ({ id, name: id, isExternal: world.isExternal, isDirect: false }),
    },
    operatorsChannelsOf: () => world.operators,
    clock,
    log: logInto(lines),
  });
  const bots = Array.from({ length: replicas }, () => new Reporting(desk()));
  return {
    clock,
    posted,
    lines,
    world,
    tickOf: (nth: number) => bots[nth]?.tick(),
    tick: () => Promise.all(bots.map((bot) => bot.tick())),
    /** All of them, tick by tick. */
    pass: async (ms: number, stepMs = 10_000) => {
      for (let at = 0; at < ms; at += stepMs) {
        clock.pass(stepMs);
        await Promise.all(bots.map((bot) => bot.tick()));
      }
    },
    restart: () => new Reporting(desk()),
    mornings: () => posted.filter(({ channel, thread }) => channel === 'C1' && thread === undefined),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

test.each(DATABASE_NAMES)('%s: three replicas post it once, with its details in the thread', async (name) => {
  await using stage = await stageOn(name);
  await stage.pass(9 * MINUTE_MS);
  expect(stage.posted).toEqual([]);
  await stage.pass(2 * 60 * MINUTE_MS, MINUTE_MS);
  expect(stage.posted).toEqual([
    { channel: 'C1', words: 'morning', thread: undefined },
    { channel: 'C1', words: 'details', thread: { channel: 'C1', id: '1' } },
  ]);
  expect(stage.lines).toEqual([]);
});

test.each(DATABASE_NAMES)('%s: one that dies at the minute is made up for within a minute', async (name) => {
  await using stage = await stageOn(name);
  stage.clock.pass(10 * MINUTE_MS);
  stage.world.diesAt = 'compose';
  void stage.tickOf(0);
  // The dead one has claimed it: the others must have found that before it counts.
  await expect.poll(async () => (await Promise.all([stage.tickOf(1), stage.tickOf(2)])).length).toBe(2);
  stage.world.diesAt = undefined;
  stage.clock.pass(40_000);
  await Promise.all([stage.tickOf(1), stage.tickOf(2)]);
  expect(stage.mornings().map(({ words }) => words)).toEqual(['morning']);
});

test('one that dies while Slack takes the post leaves no second one, and the operators are told', async () => {
  await using stage = await stageOn('SQLite');
  stage.clock.pass(10 * MINUTE_MS);
  stage.world.diesAt = 'post';
  void stage.tickOf(0);
  const later = stage.restart();
  await expect
    .poll(async () => {
      stage.clock.pass(100_000);
      await later.tick();
      return stage.posted.map(({ channel }) => channel);
    })
    .toEqual(['COPS']);
  expect(stage.posted[0]?.words).toContain('did not reach its channel');
});

test('a bot that was down posts within the hour and says that it is late; after the hour it is silent', async () => {
  await using stage = await stageOn('SQLite', 0);
  stage.clock.pass(69 * MINUTE_MS);
  await stage.restart().tick();
  expect(stage.mornings().map(({ words }) => words)).toEqual(['morning (late)']);
  await using other = await stageOn('SQLite', 0);
  other.clock.pass(71 * MINUTE_MS);
  await other.restart().tick();
  expect(other.posted).toEqual([]);
});

test('a restart after the post does not repeat it', async () => {
  await using stage = await stageOn('SQLite', 1);
  await stage.pass(11 * MINUTE_MS);
  await stage.restart().tick();
  expect(stage.mornings()).toHaveLength(1);
});

test('a channel that can’t be posted to is told to the operators once, and tried again for the hour', async () => {
  await using stage = await stageOn('SQLite');
  stage.world.failure = 'not_in_channel';
  await stage.pass(30 * MINUTE_MS);
  expect(stage.posted.map(({ channel }) => channel)).toEqual(['COPS']);
  expect(stage.lines.filter(({ level }) => level === 'error').length).toBeGreaterThan(5);
  stage.world.failure = undefined;
  await stage.pass(5 * MINUTE_MS);
  expect(stage.mornings().map(({ words }) => words)).toEqual(['morning (late)']);
});

test.each([
  { operators: ['C1', 'CAUDIT'], deaf: [], told: ['CAUDIT'] },
  { operators: ['COPS', 'CAUDIT'], deaf: ['COPS'], told: ['CAUDIT'] },
  { operators: ['COPS', 'CAUDIT'], deaf: [], told: ['COPS'] },
  { operators: ['C1'], deaf: [], told: [] },
  { operators: ['COPS', 'CAUDIT'], deaf: ['COPS', 'CAUDIT'], told: [] },
])('operators who read in $operators, of which $deaf take nothing, are told in $told', async (places) => {
  await using stage = await stageOn('SQLite');
  Object.assign(stage.world, { ...places, failure: 'not_in_channel' });
  await stage.pass(15 * MINUTE_MS);
  expect(stage.posted.map(({ channel }) => channel)).toEqual(places.told);
});

test('a channel that is shared with others hears nothing', async () => {
  await using stage = await stageOn('SQLite');
  stage.world.isExternal = true;
  stage.world.operators = ['C1', 'COPS'];
  await stage.pass(2 * 60 * MINUTE_MS, MINUTE_MS);
  expect(stage.mornings()).toEqual([]);
  expect(stage.posted.map(({ channel }) => channel)).toEqual(['COPS']);
});

test('where Slack did not say whether it took the post, it is not sent again', async () => {
  await using stage = await stageOn('SQLite');
  stage.world.failure = 'outcome_unknown';
  await stage.pass(11 * MINUTE_MS);
  stage.world.failure = undefined;
  await stage.pass(30 * MINUTE_MS);
  expect(stage.mornings()).toEqual([]);
  expect(stage.posted.map(({ channel }) => channel)).toEqual(['COPS']);
});
