import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_ENDS } from '../../src/core/history/sample.ts';
import { openStore } from '../../src/store/open.ts';
import { sampleAt } from '../core/history/samples.ts';
import { DATABASE_NAMES, type Databases, startDatabases } from './databases.ts';

let databases: Databases;

beforeAll(async () => {
  databases = await startDatabases();
});

afterAll(() => databases[Symbol.asyncDispose]());

describe.each(DATABASE_NAMES)('on %s', (name) => {
  const openNew = async () => openStore(await databases.createUrl(name));

  test('a minute is kept once, and the coarser samples that it lies in are brought up to date', async () => {
    await using store = await openNew();
    const hour = Date.parse('2026-11-23T10:00:00Z');
    const minute = (number: number) => {
      const size = number * 10;
      return sampleAt(hour + number * 60_000, {
        waiting: { size, mostSize: size },
        queues: size === 0 ? new Map() : new Map([['__proto__', { size, mostSize: size, latencyMs: size }]]),
        busyByClass: new Map([['InvoiceJob', 2]]),
        failed: number % 2,
        usedMemoryBytes: undefined,
        ends: { ...NO_ENDS, crashes: 1 },
      });
    };
    for (let number = 0; number < 20; number += 1) {
      expect(await store.addSample('payroll', minute(number))).toBe(true);
    }
    expect(await store.addSample('payroll', { ...minute(3), failed: 1000 })).toBe(false);
    await store.addSample('billing', minute(5));

    const range = { fromMs: hour, toMs: hour + 3_600_000 };
    const minutes = await store.samples('payroll', 'minute', [range]);
    expect(minutes).toHaveLength(20);
    expect(minutes[7]).toEqual(minute(7));
    const [first, second, ...others] = await store.samples('payroll', 'ten minutes', [range]);
    expect(first).toMatchObject({ atMs: hour, minutes: 10, waiting: { size: 45, mostSize: 90 }, failed: 5 });
    expect(second).toMatchObject({ atMs: hour + 600_000, waiting: { size: 145, mostSize: 190 } });
    expect(second?.queues?.get('__proto__')).toEqual({ size: 145, mostSize: 190, latencyMs: 190 });
    expect(second?.usedMemoryBytes).toBeUndefined();
    expect(second?.busyByClass?.get('InvoiceJob')).toBe(2);
    expect(others).toEqual([]);
    expect(await store.samples('payroll', 'hour', [range])).toMatchObject([
      {
        atMs: hour,
        minutes: 20,
        processed: 1200,
        waiting: { size: 95, mostSize: 190 },
        ends: { crashes: 20 },
      },
    ]);
    expect(await store.samples('payroll', 'day', [{ fromMs: 0, toMs: hour }])).toMatchObject([
      { minutes: 20 },
    ]);
    const ranges = [0, 5, 12].map((from) => ({
      fromMs: hour + from * 60_000,
      toMs: hour + (from + 1) * 60_000,
    }));
    const picked = await store.samples('payroll', 'minute', ranges.toReversed());
    expect(picked.map(({ atMs }) => (atMs - hour) / 60_000)).toEqual([0, 5, 12]);
  });

  test('what is filled in stands beside what was seen, and what is too old is forgotten', async () => {
    await using store = await openNew();
    const nowMs = Date.parse('2026-11-23T10:00:00Z');
    const DAY = 86_400_000;
    await store.addSample('payroll', sampleAt(nowMs - 4 * DAY));
    await store.fillSamples('payroll', [
      sampleAt(nowMs - 4 * DAY, { processed: 1 }),
      sampleAt(nowMs - 4 * DAY - 60_000, { queues: undefined, waiting: undefined }),
      sampleAt(Date.parse('2026-03-01'), { resolution: 'day', minutes: 1440 }),
      sampleAt(Date.parse('2024-03-01'), { resolution: 'day', minutes: 1440 }),
    ]);
    const ever = [{ fromMs: 0, toMs: nowMs + DAY }];
    expect(await store.samples('payroll', 'minute', ever)).toMatchObject([
      { waiting: undefined },
      { processed: 60 },
    ]);
    await store.thinSamples('payroll', nowMs, undefined);
    expect(await store.samples('payroll', 'minute', ever)).toEqual([]);
    expect(await store.samples('payroll', 'ten minutes', ever)).toHaveLength(1);
    expect(await store.samples('payroll', 'day', ever)).toHaveLength(2);
    await store.thinSamples('payroll', nowMs, 36 * DAY);
    expect(await store.samples('payroll', 'ten minutes', ever)).toHaveLength(1);
    expect(await store.samples('payroll', 'day', ever)).toHaveLength(1);
  });

  test('incidents are found by the time in which they lasted', async () => {
    await using store = await openNew();
    const incident = (id: string, sinceMs: number, untilMs: number | undefined) =>
      ({ sidekiq: 'payroll', id, sinceMs, untilMs, bendsFigures: true, body: '{}' }) as const;
    await store.saveIncident(incident('b', 200, undefined));
    await store.saveIncident(incident('a', 100, undefined));
    await store.saveIncident(incident('a', 100, 150));
    const idsIn = async (fromMs: number, toMs: number) =>
      (await store.incidents('payroll', { fromMs, toMs })).map(({ id }) => id);
    expect(await store.incidents('payroll', { fromMs: 0, toMs: 120 })).toEqual([incident('a', 100, 150)]);
    expect(await idsIn(0, 1000)).toEqual(['a', 'b']);
    expect(await idsIn(150, 200)).toEqual([]);
    expect(await idsIn(900, 1000)).toEqual(['b']);
    expect(await store.incidents('billing', { fromMs: 0, toMs: 1000 })).toEqual([]);
  });
});
