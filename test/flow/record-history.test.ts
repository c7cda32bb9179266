import { expect, test } from 'vitest';
import type { Judgement } from '../../src/core/attribution/process-ends.ts';
import type { PastCount } from '../../src/core/history/past-counts.ts';
import type { Snapshot } from '../../src/core/sidekiq/snapshot.ts';
import { HistoryRecorder } from '../../src/flow/record-history.ts';
import type { HistoryStore } from '../../src/ports/memory.ts';
import { aFleet, aQueue, aSnapshot, MINUTE_MS, NOW_MS, worksOf } from '../snapshots.ts';
import { aWorldStore } from '../weeks/play.ts';

const EVER = [{ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }];

async function aStage(counts: readonly PastCount[] = []) {
  const opened = await aWorldStore();
  const stage = {
    store: opened.store,
    nowMs: NOW_MS,
    isStoreDown: false,
    isTimeInDoubt: false,
    begin: (keepMs?: number) => {
      const store: HistoryStore = {
        ...opened.store,
        addSample: (...given) =>
          stage.isStoreDown ? Promise.reject(new Error('down')) : opened.store.addSample(...given),
      };
      return new HistoryRecorder('payroll', {
        store,
        reader: { pastCounts: async () => counts },
        keepMs,
        timeToForgetBy: () => (stage.isTimeInDoubt ? undefined : stage.nowMs),
        clock: { nowMs: () => stage.nowMs, steadyMs: () => stage.nowMs, wait: async () => {} },
        log: { info: () => {}, warn: () => {}, error: () => {} },
      });
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
  return stage;
}

type Stage = Awaited<ReturnType<typeof aStage>>;

async function look(
  recorder: HistoryRecorder,
  stage: Stage,
  afterMs: number,
  over: Partial<Snapshot> = {},
  judgements: readonly Judgement[] = [],
): Promise<void> {
  stage.nowMs = NOW_MS + afterMs;
  recorder.look({ atMs: stage.nowMs, judgements }, aSnapshot({ takenAtMs: stage.nowMs, ...over }));
  await recorder.settle();
}

const counters = (processed: number, failed = 0) => ({
  counters: { processed, failed, processedToday: 0, failedToday: 0 },
});
const waiting = (size: number) => ({
  queues: [aQueue('default', { size, latencyMs: size * 10 }), aQueue('low')],
});

test('a minute becomes one sample of its looks, written when it is over', async () => {
  await using stage = await aStage();
  const recorder = stage.begin();
  const fleet = aFleet(2, { busy: 5 });
  const busy = { processes: fleet, works: worksOf(fleet, 'SyncJob') };
  await look(recorder, stage, 0, { ...waiting(10), ...counters(100), ...busy });
  await look(recorder, stage, 20_000, { ...waiting(40), ...counters(150, 3), ...busy });
  const crash = { kind: 'ended', identity: 'x', end: 'crash', beatAtMs: 0 } as const;
  await look(recorder, stage, 40_000, { ...waiting(10), ...counters(160, 4), ...busy }, [crash]);
  expect(await stage.store.samples('payroll', 'minute', EVER)).toEqual([]);
  await look(recorder, stage, 60_000, counters(170, 4));
  const [minute, ...others] = await stage.store.samples('payroll', 'minute', EVER);
  expect(others).toEqual([]);
  expect(minute).toMatchObject({
    atMs: NOW_MS,
    minutes: 1,
    waiting: { size: 20, mostSize: 40 },
    processed: 60,
    failed: 4,
    threads: 10,
    busy: 10,
    ends: { crashes: 1, cleanStops: 0 },
  });
  expect([...(minute?.queues ?? [])]).toEqual([['default', { size: 20, mostSize: 40, latencyMs: 400 }]]);
  expect([...(minute?.busyByClass ?? [])]).toEqual([['SyncJob', 10]]);
});

test('counters that were reset, or that nobody watched, tell nothing', async () => {
  await using stage = await aStage();
  const recorder = stage.begin();
  await look(recorder, stage, 0, counters(1000));
  await look(recorder, stage, 60_000, counters(5));
  await look(recorder, stage, 10 * MINUTE_MS, counters(900));
  await look(recorder, stage, 11 * MINUTE_MS, counters(910));
  await look(recorder, stage, 12 * MINUTE_MS, counters(920));
  const minutes = await stage.store.samples('payroll', 'minute', EVER);
  expect(minutes.map(({ processed }) => processed)).toEqual([0, 0, 0, 10]);
});

test('what the store could not take is written when it is back, and a restart goes on', async () => {
  await using stage = await aStage();
  const recorder = stage.begin();
  stage.isStoreDown = true;
  for (let minute = 0; minute <= 3; minute += 1) await look(recorder, stage, minute * MINUTE_MS);
  stage.isStoreDown = false;
  await look(recorder, stage, 5 * MINUTE_MS);
  expect(await stage.store.samples('payroll', 'minute', EVER)).toHaveLength(4);
  const second = stage.begin();
  await look(second, stage, 6 * MINUTE_MS);
  await look(second, stage, 7 * MINUTE_MS);
  expect(await stage.store.samples('payroll', 'hour', EVER)).toMatchObject([{ minutes: 5 }]);
});

test('who no longer watches writes nothing of the minute, which is another’s to tell', async () => {
  await using stage = await aStage();
  const recorder = stage.begin();
  await look(recorder, stage, 0);
  recorder.rest();
  await look(recorder, stage, MINUTE_MS);
  await look(recorder, stage, 2 * MINUTE_MS);
  const minutes = await stage.store.samples('payroll', 'minute', EVER);
  expect(minutes.map(({ atMs }) => atMs)).toEqual([NOW_MS + MINUTE_MS]);
});

test('at the first start Sidekiq’s own counters fill in what they can, once', async () => {
  const day = Date.parse('2026-11-20T00:00:00Z');
  const minute = NOW_MS - 30 * MINUTE_MS;
  await using stage = await aStage([
    { atMs: day, resolution: 'day', processed: 50_000, failed: 500 },
    { atMs: minute, resolution: 'minute', processed: 70, failed: 1 },
    // Not over yet: what we see of it ourselves is more.
    { atMs: NOW_MS, resolution: 'minute', processed: 3, failed: 0 },
  ]);
  const recorder = stage.begin();
  await look(recorder, stage, 0);
  await look(recorder, stage, MINUTE_MS);
  expect(await stage.store.samples('payroll', 'day', [{ fromMs: 0, toMs: day + 1 }])).toMatchObject([
    { processed: 50_000, failed: 500, queues: undefined, waiting: undefined },
  ]);
  const minutes = await stage.store.samples('payroll', 'minute', EVER);
  expect(minutes.map(({ atMs, processed }) => [atMs, processed])).toEqual([
    [minute, 70],
    [NOW_MS, 0],
  ]);
});

test('days are kept for a year, or as long as the settings say; for longer while it is in doubt what time it is', async () => {
  const days = [100, 20].map((ago) => Date.parse('2026-11-20T00:00:00Z') - ago * 1440 * MINUTE_MS);
  await using stage = await aStage(
    days.map((atMs) => ({ atMs, resolution: 'day', processed: 50_000, failed: 500 })),
  );
  const kept = async (keepMs: number | undefined) => {
    const recorder = stage.begin(keepMs);
    await look(recorder, stage, 0);
    await look(recorder, stage, MINUTE_MS);
    const past = await stage.store.samples('payroll', 'day', [
      { fromMs: 0, toMs: NOW_MS - 1440 * MINUTE_MS },
    ]);
    return past.map(({ atMs }) => atMs);
  };
  expect(await kept(undefined)).toEqual(days);
  stage.isTimeInDoubt = true;
  expect(await kept(36 * 1440 * MINUTE_MS)).toEqual(days);
  stage.isTimeInDoubt = false;
  expect(await kept(36 * 1440 * MINUTE_MS)).toEqual(days.slice(1));
});
