import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localTime } from '../../src/core/history/calendar.ts';
import { mergeSamples } from '../../src/core/history/merge.ts';
import { lookSample } from '../../src/core/history/minute.ts';
import type { HistorySample } from '../../src/core/history/sample.ts';
import type { Answer } from '../../src/core/reply/reply.ts';
import { plainText } from '../../src/core/reply/text.ts';
import type { Report } from '../../src/core/report/report.ts';
import { Alerter } from '../../src/flow/alert.ts';
import { notesOver } from '../../src/flow/notes.ts';
import { Observer } from '../../src/flow/observe.ts';
import { Past } from '../../src/flow/past.ts';
import { HistoryRecorder } from '../../src/flow/record-history.ts';
import { reportNow } from '../../src/flow/report.ts';
import { Watching } from '../../src/flow/watching.ts';
import type { Clock } from '../../src/ports/host.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';
import { aPolicy, HOUR_MS, MINUTE_MS } from '../snapshots.ts';
import { playedReader } from './reader.ts';
import type { World } from './world.ts';

/** What the channel was told, and when by the clock of the world. */
export type Said = {
  readonly kind: 'post' | 'edit' | 'reply';
  readonly atMs: number;
  readonly message: string;
  readonly words: string;
  /** What stands below: the figures. */
  readonly detail: string;
};

export type Span = {
  readonly fromMs: number;
  readonly toMs: number;
  /** How often it is looked around the incident. */
  readonly closeMs: number;
};

const NINE = 9 * 60;
/** Around the incident it is looked at more often; elsewhere once a minute has to do. */
const AROUND_MS = 10 * MINUTE_MS;

/** A new store that is gone afterwards. */
export async function aWorldStore(): Promise<AsyncDisposable & { readonly store: Store }> {
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-weeks-'));
  const store = await openStore(`sqlite:${join(folder, 'store.sqlite')}`);
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Who listens while a world is played. */
export type Listeners = {
  /** What was said within the hour that is over now. */
  readonly onHour?: (atMs: number, said: readonly Said[]) => void;
  /** What the morning post is made of, at nine on the wall clock. */
  readonly onMorning?: (report: Report) => void;
};

/** Plays the world at speed through the code that runs at night: observer, watcher, recorder, alerter, report and store. */
export async function playWorld(
  store: Store,
  world: World,
  { fromMs, toMs, closeMs }: Span,
  { onHour, onMorning }: Listeners = {},
): Promise<readonly Said[]> {
  const { incident } = world;
  const said: Said[] = [];
  let told = 0;
  let nowMs = fromMs;
  const say = (kind: Said['kind'], message: string, content: Answer): void => {
    said.push({ kind, atMs: nowMs, message, words: plainText(content.headline), detail: detailOf(content) });
  };
  const finished = Promise.withResolvers<void>();
  const log = { info: () => {}, error: () => {}, warn: (fields: object) => finished.reject(fields) };
  const clock: Clock = {
    nowMs: () => nowMs,
    steadyMs: () => nowMs,
    wait: async () => {
      await Promise.all([alerter.settle(), recorder.settle()]);
      const isClose = nowMs >= incident.fromMs - AROUND_MS && nowMs < incident.toMs + AROUND_MS;
      nowMs += isClose ? closeMs : MINUTE_MS;
      if (nowMs % HOUR_MS === 0) {
        onHour?.(nowMs, said.slice(told));
        told = said.length;
        if (localTime(nowMs, world.calendar.timezone).minuteOfDay === NINE) onMorning?.(await compose());
      }
      if (nowMs < toMs) return;
      finished.resolve();
      // The observer is stopped before it looks again.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const compose = (): Promise<Report> => {
    const settings = { calendar: world.calendar, keeping: { keepMs: undefined, expiresDebt: false } };
    return reportNow(observer, (read) => read(store), settings, nowMs, undefined);
  };
  const reader = playedReader(() => world.snapshotAt(nowMs));
  const past = new Past('payroll', store, world.calendar);
  const recorder = new HistoryRecorder('payroll', { store, reader, timeToForgetBy: clock.nowMs, clock, log });
  const alerter = new Alerter(aPolicy(), {
    chat: {
      post: async (channel, content, thread) => {
        const id = thread?.id ?? `m${said.length}`;
        say(thread === undefined ? 'post' : 'reply', id, content);
        return { channel, id };
      },
      update: async ({ id }, content) => say('edit', id, content),
    },
    store: notesOver(store),
    history: store,
    past,
    channel: 'C0PAYROLL',
    operatorsChannels: [],
    reminders: { afterMs: undefined, officeHours: undefined },
    clock,
    log,
  });
  // One bot alone: who asks the store at each look would wait for its disk more than for all else.
  const turns = { tryHold: async () => true, release: async () => {} };
  const watching = new Watching('payroll', { reader, store, turns, recorder, alerter, clock, log });
  const observer = new Observer(aPolicy(), reader, watching, past, clock, log);
  observer.start();
  await finished.promise.finally(() => observer.stop());
  return said;
}

function detailOf({ parts }: Answer): string {
  return parts.flatMap((part) => (part.type === 'paragraph' ? [plainText(part.text)] : [])).join(' ');
}

/** Writes the past as if it had been watched, to begin with a night in the sixth week. */
export async function fillPast(store: Store, world: World, toMs: number): Promise<void> {
  const tens: HistorySample[] = [];
  for (let tenMs = world.fromMs; tenMs < toMs; tenMs += 10 * MINUTE_MS) {
    // Three of the ten minutes tell enough.
    const minutes = [0, 3, 7].map((index) =>
      lookSample(world.snapshotAt(tenMs + index * MINUTE_MS), [], undefined),
    );
    const ten = mergeSamples(minutes, 'ten minutes');
    if (ten !== undefined) tens.push(ten);
  }
  await store.fillSamples('payroll', tens);
}
