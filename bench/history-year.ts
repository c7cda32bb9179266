import {
  type HistorySample,
  KEPT_MS,
  NO_ENDS,
  type Resolution,
  SPAN_MS,
} from '../src/core/history/sample.ts';
import type { Store } from '../src/ports/store.ts';

export const SIDEKIQS = Array.from({ length: 10 }, (_, number) => `payroll-${number}`);
export const QUEUES = Array.from({ length: 50 }, (_, number) => `payroll_department_${number}`);
const CLASSES = 30;
/** A Monday evening in Denver. */
export const NOW_MS = Date.parse('2026-11-23T03:14:00Z');

/** Of one sidekiq all that is kept in a year. */
export async function fillYear(store: Store, sidekiq: string): Promise<void> {
  for (const resolution of ['minute', 'ten minutes', 'hour', 'day'] as const)
    await fill(store, sidekiq, resolution);
}

/** Of one sidekiq what answers read. */
export async function fillWeeks(store: Store, sidekiq: string): Promise<void> {
  for (const resolution of ['ten minutes', 'hour'] as const)
    await fill(store, sidekiq, resolution, KEPT_MS['ten minutes']);
}

async function fill(
  store: Store,
  sidekiq: string,
  resolution: Resolution,
  forMs = KEPT_MS[resolution],
): Promise<void> {
  const count = Math.floor(forMs / SPAN_MS[resolution]);
  const lastMs = NOW_MS - (NOW_MS % SPAN_MS[resolution]);
  const samples = Array.from({ length: count }, (_, index) =>
    sampleAt(lastMs - (index + 1) * SPAN_MS[resolution], resolution),
  );
  await store.fillSamples(sidekiq, samples);
}

/** The nights of the last days are out of the ordinary in every queue. */
const UNUSUAL_FROM_MS = NOW_MS - 36 * SPAN_MS.hour;

export function sampleAt(atMs: number, resolution: Resolution): HistorySample {
  const random = (number: number): number =>
    Math.abs(Math.sin(atMs / 60_000 + number * 12.9898) * 43_758.5453) % 1;
  const minutes = SPAN_MS[resolution] / 60_000;
  const most = atMs < UNUSUAL_FROM_MS ? 100 : 10_000;
  const queues = QUEUES.map((name, number) => {
    const size = Math.round(random(number) * most * 100) / 100;
    return [name, { size, mostSize: Math.ceil(size * 2), latencyMs: Math.round(size * 137) }] as const;
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
