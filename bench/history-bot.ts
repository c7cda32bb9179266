import { COMMANDS } from '../commands/index.ts';
import type { Backlog } from '../src/core/sidekiq/backlog.ts';
import { Answering } from '../src/flow/answer.ts';
import { healthOf } from '../src/flow/health.ts';
import { drawHome } from '../src/flow/home.ts';
import { notesOver } from '../src/flow/notes.ts';
import { Observer } from '../src/flow/observe.ts';
import { Past } from '../src/flow/past.ts';
import { recordsOf } from '../src/flow/records.ts';
import { Watching } from '../src/flow/watching.ts';
import type { Store } from '../src/ports/store.ts';
import { aMember } from '../test/people.ts';
import { aPolicy, aQueue, aSnapshot } from '../test/snapshots.ts';
import { playedReader } from '../test/weeks/reader.ts';
import { NOW_MS, QUEUES, SIDEKIQS } from './history-year.ts';

const CALENDAR = { timezone: 'America/Denver', holidays: [] };
const LOG = { info: () => {}, warn: () => {}, error: () => {} };

const DANA = aMember('UDANA', 'Dana');

/** The bot as people ask it, over a real store; only what Redis and Slack say is made up. `at` sets its clock. */
export function aBot(store: Store) {
  let nowMs = NOW_MS;
  const clock = { nowMs: () => nowMs, steadyMs: () => nowMs, wait: async () => {} };
  const observers = SIDEKIQS.map((sidekiq) => {
    const reader = playedReader(
      () => snapshotAt(sidekiq, nowMs),
      () => backlogAt(sidekiq, nowMs),
    );
    const turns = { tryHold: async () => false, release: async () => {} };
    const watched = { reader, store, turns, recorder: undefined, alerter: undefined, clock, log: LOG };
    const policy = aPolicy({ name: sidekiq });
    const watching = new Watching(sidekiq, watched);
    return new Observer(policy, reader, watching, new Past(sidekiq, store, CALENDAR), clock, LOG);
  });
  const calendarOf = () => CALENDAR;
  const records = recordsOf(
    (read) => read(store),
    { sidekiqs: [] },
    {
      auditKey: undefined,
      keeping: { keepMs: undefined, expiresDebt: false },
      calendarOf,
    },
  );
  const answering = new Answering(COMMANDS, observers, clock, records);
  const directory = {
    person: async () => DANA,
    personNow: async () => DANA,
    membersNow: async () => [],
    channel: async () => undefined,
    mayRead: async () => true,
  };
  const desk = {
    store,
    sidekiqs: [],
    directory,
    clock,
    records,
    calendarOf,
    observed: observers,
    alerts: notesOver(store),
  };
  return {
    at: (ms: number) => {
      nowMs = ms;
    },
    ask: (words: string) => answering.askLocally(words),
    home: () => drawHome(DANA, desk),
    /** What each look does in the bot that watches, for its alerts. */
    look: () => Promise.all(observers.map(healthOf)),
  };
}

function snapshotAt(sidekiq: string, takenAtMs: number) {
  const queues = QUEUES.map((name) => aQueue(name, { size: 1000, latencyMs: 1000 }));
  return aSnapshot({ sidekiq, takenAtMs, queues });
}

function backlogAt(sidekiq: string, takenAtMs: number): Backlog {
  const classes = QUEUES.map((name) => ({
    jobClass: `${name}_job`,
    total: 1000,
    inQueues: 1000,
    inRetrySet: 0,
    inScheduledSet: 0,
    inPrivateLists: 0,
    running: 0,
    oldestAtMs: undefined,
    queues: [{ name, count: 1000 }],
  }));
  const readCount = 1000 * classes.length;
  return {
    sidekiq,
    takenAtMs,
    tookMs: 5,
    classes,
    notJobs: 0,
    isExact: true,
    readCount,
    knownCount: readCount,
  };
}
