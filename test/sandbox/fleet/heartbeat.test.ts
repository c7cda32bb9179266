import { expect, test } from 'vitest';
import type { SidekiqVersion } from '../../../src/sandbox/fleet/dialect.ts';
import { dialectOf } from '../../../src/sandbox/fleet/dialect.ts';
import { beatCalls } from '../../../src/sandbox/fleet/heartbeat.ts';
import { jobText, parseJob } from '../../../src/sandbox/fleet/job.ts';
import { DISASTER, INNOCENT } from '../../../src/sandbox/fleet/job-class.ts';
import { bootProcess, isOutOfMemory, queueOrder, rssKbOf } from '../../../src/sandbox/fleet/process.ts';
import { seededRandom } from '../../../src/sandbox/fleet/random.ts';
import { payrollContainers } from '../../../src/sandbox/fleet/stories/containers.ts';
import { beginJob } from '../../../src/sandbox/fleet/work.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 17, 8, 30);
const CLASSES = new Map([DISASTER, ...INNOCENT].map((jobClass) => [jobClass.name, jobClass]));

function busyProcess(version: SidekiqVersion) {
  const random = seededRandom(1);
  const [settings] = payrollContainers(1, version, 'basic');
  if (settings === undefined) throw new Error('no container');
  const process = bootProcess(settings, NOW_MS, random);
  const text = jobText(DISASTER, dialectOf(version), NOW_MS, random);
  const [thread] = process.threads;
  if (thread !== undefined) {
    thread.running = beginJob({ queue: DISASTER.queue, text }, CLASSES, NOW_MS, random);
  }
  process.sinceBeat.metrics.set('PayrollRunJob|p', 3);
  return { process, text };
}

/** What a beat writes: the fields of the identity hash, its info, and the work hash with its name. */
function beatOf(version: SidekiqVersion) {
  const { process, text } = busyProcess(version);
  const hashes = beatCalls(process, NOW_MS, seededRandom(2)).filter(([command]) => command === 'HSET');
  const fieldsOf = (call: (typeof hashes)[number] | undefined) => {
    const flat = (call ?? []).slice(2).map(String);
    return Object.fromEntries(flat.flatMap((field, at) => (at % 2 === 0 ? [[field, flat[at + 1]]] : [])));
  };
  const [work, identity] = hashes;
  const fields = fieldsOf(identity);
  const [job] = Object.values(fieldsOf(work));
  return {
    fields,
    info: JSON.parse(fields['info'] ?? '{}'),
    workKey: String(work?.[1]),
    job: JSON.parse(job ?? '{}'),
    text,
  };
}

test('4.2 and 5 write the running job as an object, and nothing of memory', () => {
  const beat = beatOf('4.2.10');
  expect(beat.workKey).toMatch(/:workers$/);
  expect(beat.job.payload).toEqual(parseJob(beat.text));
  expect(Object.keys(beat.fields).toSorted()).toEqual(['beat', 'busy', 'info', 'quiet']);
});

test('6.5 writes :work, the job as text, rss and rtt_us, and no version', () => {
  const beat = beatOf('6.5.12');
  expect(beat.workKey).toMatch(/:work$/);
  expect(beat.job).toEqual({ queue: 'maintenance', payload: beat.text, run_at: NOW_MS / 1000 });
  expect(Object.keys(beat.fields).toSorted()).toEqual(['beat', 'busy', 'info', 'quiet', 'rss', 'rtt_us']);
  expect(beat.info).not.toHaveProperty('version');
  expect(beat.info.concurrency).toBe(5);
});

test('7.3 tells version and weights, and beats every ten seconds', () => {
  const beat = beatOf('7.3.10');
  expect(beat.info).toMatchObject({ version: '7.3.10', embedded: false, concurrency: 5 });
  expect(beat.info.weights[0].payroll).toBe(3);
  expect(dialectOf('7.3.10').heartbeatMs).toBe(10_000);
});

test('8.1 moves concurrency out of info, tells capsules, and writes job times in milliseconds', () => {
  const beat = beatOf('8.1.7');
  expect(beat.fields['concurrency']).toBe('5');
  expect(beat.info).not.toHaveProperty('concurrency');
  expect(beat.info.capsules.default).toMatchObject({ concurrency: 5, mode: 'weighted' });
  expect(parseJob(beat.text)['created_at']).toBe(NOW_MS);
});

test('metrics go to the key of each version, and before 7 to none', () => {
  const metricsOf = (version: SidekiqVersion) =>
    beatCalls(busyProcess(version).process, NOW_MS, seededRandom(2)).filter(
      ([command]) => command === 'HINCRBY',
    );
  expect(metricsOf('6.5.12')).toEqual([]);
  expect(metricsOf('7.3.10')).toEqual([['HINCRBY', 'j|20261123|17:8', 'PayrollRunJob|p', 3]]);
  expect(metricsOf('8.1.7')).toEqual([['HINCRBY', 'j|261123|17:08', 'PayrollRunJob|p', 3]]);
});

test('memory grows with what runs, until the kernel would step in', () => {
  const { process } = busyProcess('6.5.12');
  expect(rssKbOf(process, NOW_MS + 10_000) - rssKbOf(process, NOW_MS)).toBe(30_000);
  expect(isOutOfMemory(process, NOW_MS + 100_000)).toBe(false);
  expect(isOutOfMemory(process, NOW_MS + 120_000)).toBe(true);
});

test('job times before 8 are seconds that never look whole', () => {
  const random = seededRandom(3);
  for (let second = 0; second < 200; second += 1) {
    const time = dialectOf('6.5.12').jobTime(NOW_MS + second * 1000, random);
    expect(Number.isInteger(time)).toBe(false);
    expect(Math.floor(time)).toBe(NOW_MS / 1000 + second);
  }
});

test('queues of equal weight 1 are asked in order, weighted ones as often first as they weigh', () => {
  const random = seededRandom(4);
  expect(queueOrder({ a: 1, b: 1, c: 1 }, random)).toEqual(['a', 'b', 'c']);
  const first = Array.from({ length: 1_000 }, () => queueOrder({ a: 3, b: 1 }, random)[0]);
  const share = first.filter((name) => name === 'a').length / first.length;
  expect(share).toBeGreaterThan(0.7);
  expect(share).toBeLessThan(0.8);
});
