import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeSamples } from '../../src/core/history/merge.ts';
import { lookSample } from '../../src/core/history/minute.ts';
import type { HistorySample } from '../../src/core/history/sample.ts';
import type { Answer } from '../../src/core/reply/reply.ts';
import { plainText } from '../../src/core/reply/text.ts';
import { Alerter } from '../../src/flow/alert.ts';
import { notesOver } from '../../src/flow/notes.ts';
import { Observer } from '../../src/flow/observe.ts';
import { Past } from '../../src/flow/past.ts';
import { HistoryRecorder } from '../../src/flow/record-history.ts';
import { Watching } from '../../src/flow/watching.ts';
import type { Clock } from '../../src/ports/host.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';
import { aPolicy, MINUTE_MS } from '../snapshots.ts';
import { DENVER, INCIDENT, worldAt } from './world.ts';

/** What the channel was told, and when by the clock of the world. */
export type Said = {
  readonly kind: 'post' | 'edit' | 'reply';
  readonly atMs: number;
  readonly message: string;
  readonly words: string;
};

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

/** Plays the world at speed through the code that runs at night: observer, watcher, recorder, alerter and store. */
export async function playWorld(
  store: Store,
  { fromMs, toMs, closeMs }: { readonly fromMs: number; readonly toMs: number; readonly closeMs: number },
): Promise<readonly Said[]> {
  const said: Said[] = [];
  let nowMs = fromMs;
  const say = (kind: Said['kind'], message: string, content: Answer): void => {
    said.push({ kind, atMs: nowMs, message, words: plainText(content.headline) });
  };
  const finished = Promise.withResolvers<void>();
  const log = { info: () => {}, error: () => {}, warn: (fields: object) => finished.reject(fields) };
  const clock: Clock = {
    nowMs: () => nowMs,
    steadyMs: () => nowMs,
    wait: async () => {
      await Promise.all([alerter.settle(), recorder.settle()]);
      const isClose = nowMs >= INCIDENT.fromMs - AROUND_MS && nowMs < INCIDENT.toMs + AROUND_MS;
      nowMs += isClose ? closeMs : MINUTE_MS;
      if (nowMs < toMs) return;
      finished.resolve();
      // The observer is stopped before it looks again.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const reader = {
    snapshot: async () => worldAt(nowMs),
    share: () => 1,
    pastCounts: async () => [],
    classWork: async () => undefined,
    contentsOf: async () => new Map(),
    findWaiting: async () => ({ waiting: new Map(), isWhole: true }),
    remains: async () => new Map(),
    jobsIn: async () => new Map(),
    countBacklog: () => Promise.reject(new Error('not asked for here')),
    findClass: () => Promise.reject(new Error('not asked for here')),
    traces: () => Promise.reject(new Error('not asked for here')),
    close: async () => {},
  };
  const past = new Past('payroll', store, DENVER);
  const recorder = new HistoryRecorder('payroll', { store, reader, clock, log });
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

/** Writes the past as if it had been watched, to begin with a night in the sixth week. */
export async function fillPast(store: Store, fromMs: number, toMs: number): Promise<void> {
  const tens: HistorySample[] = [];
  for (let tenMs = fromMs; tenMs < toMs; tenMs += 10 * MINUTE_MS) {
    // Three of the ten minutes tell enough.
    const minutes = [0, 3, 7].map((index) => lookSample(worldAt(tenMs + index * MINUTE_MS), [], undefined));
    const ten = mergeSamples(minutes, 'ten minutes');
    if (ten !== undefined) tens.push(ten);
  }
  await store.fillSamples('payroll', tens);
}
