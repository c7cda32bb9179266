import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assess } from '../src/core/health/assess.ts';
import { sampleOf } from '../src/core/health/sample.ts';
import {
  type HistorySample,
  KEPT_MS,
  NO_ENDS,
  type Resolution,
  SPAN_MS,
} from '../src/core/history/sample.ts';
import { Past } from '../src/flow/past.ts';
import type { Store } from '../src/ports/store.ts';
import { openStore } from '../src/store/open.ts';
import { aPolicy, aQueue, aSnapshot } from '../test/snapshots.ts';
import type { Benchmark } from './benchmark.ts';

const SIDEKIQS = 10;
const QUEUES = 50;
const CLASSES = 30;
/** One sidekiq's year is measured; ten are ten times as much, and as far from each other in the index. */
const NOW_MS = Date.parse('2026-11-23T03:14:00Z');
const ANSWERS = 20;
const MINUTES = 60;

/** A year of 50 queues: its size, what an answer waits for it, and what a minute costs to write. */
export const history: Benchmark = {
  name: 'history',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'poison-control-history-'));
    const path = join(folder, 'store.sqlite');
    try {
      await using store = await openStore(`sqlite:${path}`);
      for (const resolution of ['minute', 'ten minutes', 'hour', 'day'] as const)
        await fill(store, resolution);
      const answerMs = await answers(store);
      const writeMs = await writes(store);
      const { size } = await stat(path);
      return [
        {
          what: 'a year of 10 sidekiqs with 50 queues',
          value: (SIDEKIQS * size) / 1024 ** 2,
          unit: 'MB',
          atMost: 1024,
        },
        {
          what: 'what is usual, read and judged for 50 queues, worst of 20',
          value: answerMs,
          unit: 'ms',
          atMost: 100,
        },
        { what: 'writing a minute, with all it is part of', value: writeMs, unit: 'ms' },
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function fill(store: Store, resolution: Resolution): Promise<void> {
  const count = Math.floor(KEPT_MS[resolution] / SPAN_MS[resolution]);
  const lastMs = NOW_MS - (NOW_MS % SPAN_MS[resolution]);
  const samples = Array.from({ length: count }, (_, index) =>
    sampleAt(lastMs - (index + 1) * SPAN_MS[resolution], resolution),
  );
  await store.fillSamples('payroll', samples);
}

function sampleAt(atMs: number, resolution: Resolution): HistorySample {
  const random = (number: number): number =>
    Math.abs(Math.sin(atMs / 60_000 + number * 12.9898) * 43_758.5453) % 1;
  const minutes = SPAN_MS[resolution] / 60_000;
  const queues = Array.from({ length: QUEUES }, (_, number) => {
    const size = Math.round(random(number) * 10_000) / 100;
    return [
      `payroll_department_${number}`,
      { size, mostSize: Math.ceil(size * 2), latencyMs: Math.round(size * 137) },
    ] as const;
  });
  return {
    atMs,
    resolution,
    minutes,
    waiting: { size: 2500, mostSize: 5000 },
    queues: new Map(queues),
    retrySetSize: random(60) * 100,
    scheduledSetSize: random(61) * 1000,
    deadSetSize: random(62) * 100,
    processed: Math.round(random(63) * 1000) * minutes,
    failed: Math.round(random(64) * 10) * minutes,
    threads: 500,
    busy: random(65) * 500,
    busyByClass: new Map(
      Array.from({ length: CLASSES }, (_, number) => [
        `Payroll::Department${number}Job`,
        random(number) * 20,
      ]),
    ),
    usedMemoryBytes: 2 ** 30 * random(66),
    maxMemoryBytes: 2 ** 32,
    ends: NO_ENDS,
  };
}

/** The slowest of some answers, each at another hour, so that nothing was read before; in CPU time, whatever else runs. */
async function answers(store: Store): Promise<number> {
  const past = new Past('payroll', store, { timezone: 'America/Denver', holidays: [] });
  let slowestMs = 0;
  for (let answer = 0; answer <= ANSWERS; answer += 1) {
    const takenAtMs = NOW_MS - answer * SPAN_MS.hour;
    const queues = Array.from({ length: QUEUES }, (_, number) =>
      aQueue(`payroll_department_${number}`, { size: 1000, latencyMs: 1000 }),
    );
    const snapshot = aSnapshot({ takenAtMs, queues });
    const before = process.cpuUsage();
    const health = assess(
      snapshot,
      [sampleOf(snapshot)],
      aPolicy(),
      undefined,
      await past.sameHour(takenAtMs),
    );
    if (health.waiting.usual === undefined) throw new Error('nothing is usual');
    // The first warms the compiler and does not count.
    const { user, system } = process.cpuUsage(before);
    if (answer > 0) slowestMs = Math.max(slowestMs, (user + system) / 1000);
  }
  return slowestMs;
}

async function writes(store: Store): Promise<number> {
  const startedAtMs = performance.now();
  for (let minute = 0; minute < MINUTES; minute += 1) {
    await store.addSample('payroll', sampleAt(NOW_MS + minute * 60_000, 'minute'));
  }
  return (performance.now() - startedAtMs) / MINUTES;
}
