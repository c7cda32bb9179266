import { expect, test } from 'vitest';
import { assess, type Verdict } from '../../../src/core/health/assess.ts';
import type { ReasonCode } from '../../../src/core/health/reason.ts';
import { sampleOf } from '../../../src/core/health/sample.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import type { Process, Snapshot } from '../../../src/core/sidekiq/snapshot.ts';
import {
  aFleet,
  aJobSet,
  aPolicy,
  aPrivateList,
  aProcess,
  aQueue,
  aSnapshot,
  countersAt,
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
  watched,
  worksOf,
} from '../../snapshots.ts';
import { incidentNight, quietNight } from './nights.ts';

type Situation = {
  readonly name: string;
  /** How things stood that long before now. */
  readonly at: (beforeMs: number) => Partial<Snapshot>;
  readonly overMs?: number;
  readonly verdict: Verdict;
  readonly codes: readonly ReasonCode[];
  readonly says?: string;
};

const REDIS = aSnapshot().redis;
const GB = 2 ** 30;
const queuedAt = (beforeMs: number, size: number, latencyMs: number, name = 'default') =>
  aQueue(name, { size, latencyMs: latencyMs - beforeMs });
const progressing = (beforeMs: number): Pick<Snapshot, 'counters'> => ({
  counters: countersAt(beforeMs, 600),
});

const SITUATIONS: readonly Situation[] = [
  {
    name: 'nothing has ever been there',
    at: () => ({
      queues: [],
      processes: [],
      retrySet: aJobSet(),
      scheduledSet: aJobSet(),
      deadSet: aJobSet(),
      counters: { processed: 0, failed: 0, processedToday: 0, failedToday: 0 },
    }),
    verdict: 'degraded',
    codes: ['looks_unused'],
    says: 'There is nothing of Sidekiq in this Redis: no queue, no process, no count of jobs done.',
  },
  {
    name: 'no process is alive and jobs wait',
    at: () => ({ processes: [], queues: [aQueue('default', { size: 4210, latencyMs: HOUR_MS })] }),
    verdict: 'incident',
    codes: ['nothing_runs'],
    says: 'Nothing is running: no Sidekiq process is alive and 4,210 jobs wait.',
  },
  {
    name: 'no process is alive and retries are due',
    at: () => ({ processes: [], retrySet: aJobSet(500, { lowestScoreMs: NOW_MS - HOUR_MS, due: 300 }) }),
    verdict: 'incident',
    codes: ['nothing_runs'],
  },
  {
    name: 'no process is alive and nothing waits',
    at: () => ({ processes: [] }),
    verdict: 'degraded',
    codes: ['no_process'],
  },
  {
    name: 'every process is quiet for a moment of a deploy',
    at: () => ({
      processes: aFleet(5, { isQuiet: true }),
      queues: [aQueue('default', { size: 30, latencyMs: 4000 })],
    }),
    verdict: 'degraded',
    codes: ['all_quiet'],
  },
  {
    name: 'every process is quiet, and has been for minutes',
    at: (beforeMs) => ({
      processes: aFleet(5, { isQuiet: true }),
      queues: [queuedAt(beforeMs, 30, 8 * MINUTE_MS)],
      counters: countersAt(0, 0),
    }),
    overMs: 5 * MINUTE_MS,
    verdict: 'incident',
    codes: ['all_quiet'],
  },
  {
    name: 'a deploy replaces every process properly',
    at: (beforeMs) => ({
      ...progressing(beforeMs),
      processes: aFleet(5).map((process) =>
        beforeMs > MINUTE_MS ? { ...process, identity: `${process.identity}-before` } : process,
      ),
    }),
    overMs: 5 * MINUTE_MS,
    verdict: 'healthy',
    codes: [],
  },
  {
    name: 'a batch of one class fills all threads while its queue drains',
    at: (beforeMs) => ({
      ...progressing(beforeMs),
      queues: [aQueue('default', { size: 5000 + Math.round(beforeMs / 20), latencyMs: 20 * MINUTE_MS })],
      works: worksOf(aFleet(5), 'PayrollRunJob'),
    }),
    overMs: 5 * MINUTE_MS,
    verdict: 'healthy',
    codes: [],
  },
  {
    name: 'a batch of one class leaves no thread for other queues',
    at: (beforeMs) => ({
      ...progressing(beforeMs),
      queues: [queuedAt(beforeMs, 80, 9 * MINUTE_MS, 'mailers')],
      works: worksOf(aFleet(5), 'PayrollRunJob'),
    }),
    overMs: 5 * MINUTE_MS,
    verdict: 'incident',
    codes: ['one_class_holds_threads', 'queue_stopped'],
    says: 'Jobs are not getting done. PayrollRunJob holds 25 of 25 threads; 80 jobs wait and nothing else runs.',
  },
  {
    name: 'the first look ever, at a fleet that one class holds',
    at: () => ({
      queues: [aQueue('default', { size: 312_400, latencyMs: 3 * HOUR_MS })],
      works: worksOf(aFleet(5), 'Recurring::DisasterJob'),
    }),
    overMs: 0,
    verdict: 'incident',
    codes: ['one_class_holds_threads', 'queue_waits_long'],
    says: 'Jobs are not getting done. Recurring::DisasterJob holds 25 of 25 threads; 312,400 jobs wait and nothing else runs.',
  },
  {
    name: 'a crash loop in which the live processes have only just begun',
    at: (beforeMs) => ({
      queues: [queuedAt(beforeMs, 900, HOUR_MS)],
      counters: countersAt(0, 0),
      processes: [
        ...aFleet(2, { startedAtMs: NOW_MS - 4000 }),
        ...lostProcesses(4).slice(0, 4 - Math.floor(beforeMs / MINUTE_MS)),
      ],
      works: worksOf(lostProcesses(4), 'Recurring::DisasterJob'),
    }),
    overMs: 3 * MINUTE_MS,
    verdict: 'incident',
    codes: ['one_class_holds_threads', 'nothing_done', 'processes_dying', 'queue_stopped'],
    says: 'Jobs are not getting done. Recurring::DisasterJob was in 20 of 20 threads when the worker processes last reported; 900 jobs wait.',
  },
  {
    name: 'slow jobs: threads are busy, nothing ended for two minutes, waits are short',
    at: (beforeMs) => ({
      queues: [aQueue('default', { size: 3, latencyMs: 20_000 + (beforeMs % 30_000) })],
      counters: countersAt(0, 0),
    }),
    overMs: 2 * MINUTE_MS,
    verdict: 'degraded',
    codes: ['nothing_done'],
  },
  {
    name: 'a queue that no process serves, with leftovers',
    at: (beforeMs) => ({
      ...progressing(beforeMs),
      queues: [aQueue('reports', { size: 3, latencyMs: HOUR_MS })],
    }),
    verdict: 'degraded',
    codes: ['queue_unserved'],
    says: 'No worker process serves reports, where 3 jobs wait.',
  },
  {
    name: 'a queue that no process serves, with many jobs',
    at: () => ({ queues: [aQueue('reports', { size: 300, latencyMs: HOUR_MS })] }),
    verdict: 'incident',
    codes: ['queue_unserved'],
  },
  {
    name: 'a process whose queues could not be read may serve anything',
    at: () => ({
      processes: [aProcess('worker-0:1:a', { queues: [] })],
      queues: [aQueue('reports', { size: 300, latencyMs: 1000 })],
    }),
    verdict: 'healthy',
    codes: [],
  },
  {
    name: 'a paused queue with jobs',
    at: () => ({ queues: [aQueue('default', { size: 300, latencyMs: HOUR_MS, isPaused: true })] }),
    verdict: 'degraded',
    codes: ['queue_paused'],
    says: 'default is paused; 300 jobs wait in it.',
  },
  {
    name: 'a queue later than its name promises',
    at: (beforeMs) => ({
      ...progressing(beforeMs),
      processes: aFleet(5, { queues: ['within_30_seconds'] }),
      queues: [aQueue('within_30_seconds', { size: 40 + (beforeMs % 3), latencyMs: 70_000 })],
    }),
    overMs: MINUTE_MS,
    verdict: 'degraded',
    codes: ['queue_late'],
    says: 'within_30_seconds is late: its next job has waited 70 s, where 30 s is promised.',
  },
  {
    name: 'a queue more than ten times later than promised',
    at: () => ({
      processes: aFleet(5, { queues: ['within_30_seconds'] }),
      queues: [aQueue('within_30_seconds', { size: 40, latencyMs: 6 * MINUTE_MS })],
    }),
    verdict: 'incident',
    codes: ['queue_late'],
  },
  {
    name: 'a big backlog that drains, but not soon',
    at: (beforeMs) => ({
      ...progressing(beforeMs),
      queues: [aQueue('default', { size: 90_000 + Math.round(beforeMs / 100), latencyMs: HOUR_MS })],
    }),
    overMs: 5 * MINUTE_MS,
    verdict: 'degraded',
    codes: ['queue_waits_long'],
  },
  {
    name: 'a queue that is long for a moment',
    at: (beforeMs) => ({
      ...progressing(beforeMs),
      queues: [aQueue('default', { size: 20_000, latencyMs: 9000 })],
    }),
    overMs: MINUTE_MS,
    verdict: 'healthy',
    codes: [],
  },
  {
    name: 'counters that were reset in between say nothing about progress',
    at: (beforeMs) => ({
      counters: { processed: beforeMs === 0 ? 5 : 900_000, failed: 0, processedToday: 0, failedToday: 0 },
      queues: [aQueue('default', { size: 30, latencyMs: 9000 })],
    }),
    overMs: 5 * MINUTE_MS,
    verdict: 'healthy',
    codes: [],
  },
  {
    name: 'Redis refuses writes',
    at: () => ({
      redis: { ...REDIS, writes: { state: 'refused', reason: 'used memory is above maxmemory' } },
    }),
    verdict: 'incident',
    codes: ['redis_refuses_writes'],
  },
  {
    name: 'Redis is nearly full',
    at: () => ({ redis: { ...REDIS, usedMemoryBytes: 1.9 * GB } }),
    verdict: 'degraded',
    codes: ['redis_nearly_full'],
  },
  {
    name: 'Redis will be full within the hour',
    at: (beforeMs) => ({ redis: { ...REDIS, usedMemoryBytes: 1.5 * GB - beforeMs * 500 } }),
    overMs: 5 * MINUTE_MS,
    verdict: 'incident',
    codes: ['redis_full_soon'],
  },
  {
    name: 'Redis has no limit, so its policy throws nothing away',
    at: () => ({ redis: { ...REDIS, maxMemoryBytes: 0, maxMemoryPolicy: 'allkeys-lru' } }),
    verdict: 'healthy',
    codes: [],
  },
  {
    name: 'Redis may throw jobs away',
    at: () => ({ redis: { ...REDIS, maxMemoryPolicy: 'allkeys-lru' } }),
    verdict: 'degraded',
    codes: ['redis_evicts'],
  },
  {
    name: 'Redis throws jobs away',
    at: () => ({ redis: { ...REDIS, maxMemoryPolicy: 'allkeys-lru', evictedKeys: 3 } }),
    verdict: 'incident',
    codes: ['redis_evicts'],
  },
  {
    name: 'Redis throws away what expires',
    at: () => ({ redis: { ...REDIS, maxMemoryPolicy: 'volatile-lru', evictedKeys: 3 } }),
    verdict: 'degraded',
    codes: ['redis_evicts'],
  },
  {
    name: 'Redis is far or slow',
    at: () => ({ redis: { ...REDIS, pingMs: 180 } }),
    verdict: 'degraded',
    codes: ['redis_slow'],
  },
  {
    name: 'a third of the jobs fails',
    at: (beforeMs) => ({ counters: countersAt(beforeMs, 600, 200) }),
    overMs: 2 * MINUTE_MS,
    verdict: 'degraded',
    codes: ['app_failing'],
    says: 'The application fails in 33 % of its jobs.',
  },
  {
    name: 'nearly all jobs fail, and the retry set swells',
    at: (beforeMs) => ({
      counters: countersAt(beforeMs, 600, 590),
      retrySet: aJobSet(2000 - Math.round(beforeMs / 100)),
    }),
    overMs: 2 * MINUTE_MS,
    verdict: 'incident',
    codes: ['app_failing', 'retry_set_grows'],
  },
  {
    name: 'a few failures among few jobs prove nothing',
    at: (beforeMs) => ({ counters: countersAt(beforeMs, 3, 3) }),
    overMs: 2 * MINUTE_MS,
    verdict: 'healthy',
    codes: [],
  },
  {
    name: 'jobs die by the dozen',
    at: () => ({ deadSet: aJobSet(60, { addedLastHour: 24 }) }),
    verdict: 'degraded',
    codes: ['jobs_died'],
  },
  {
    name: 'nobody enqueues what is due',
    at: () => ({ scheduledSet: aJobSet(900, { lowestScoreMs: NOW_MS - HOUR_MS, due: 700 }) }),
    verdict: 'degraded',
    codes: ['jobs_overdue'],
  },
  {
    name: 'one node went away',
    at: (beforeMs) => ({
      processes: [...aFleet(5), ...(beforeMs === 0 ? lostProcesses(1) : [])],
    }),
    overMs: 2 * MINUTE_MS,
    verdict: 'degraded',
    codes: ['processes_dying'],
    says: '1 worker process has vanished without a proper stop in the last 2 min.',
  },
  {
    name: 'processes keep dying',
    at: (beforeMs) => ({ processes: [...aFleet(5), ...lostProcesses(4 - Math.floor(beforeMs / MINUTE_MS))] }),
    overMs: 3 * MINUTE_MS,
    verdict: 'incident',
    codes: ['processes_dying'],
    says: 'Worker processes keep dying: 4 vanished without a proper stop, 3 of them in the last 3 min.',
  },
  {
    name: 'processes were lost before anybody looked, and no more since',
    at: () => ({ processes: [...aFleet(5), ...lostProcesses(4)] }),
    overMs: 3 * MINUTE_MS,
    verdict: 'degraded',
    codes: ['processes_dying'],
    says: '4 worker processes have vanished without a proper stop, none of them in the last 3 min.',
  },
  {
    name: 'nothing runs, and a queue is paused besides',
    at: () => ({
      processes: [],
      queues: [
        aQueue('default', { size: 10, latencyMs: HOUR_MS }),
        aQueue('mailers', { size: 5, latencyMs: HOUR_MS, isPaused: true }),
      ],
    }),
    verdict: 'incident',
    codes: ['nothing_runs', 'queue_paused'],
  },
  {
    name: 'three of five hundred processes are daily life',
    at: (beforeMs) => ({ processes: [...aFleet(500), ...lostProcesses(beforeMs === 0 ? 3 : 0)] }),
    overMs: 2 * MINUTE_MS,
    verdict: 'degraded',
    codes: ['processes_dying'],
  },
  {
    name: 'a process that missed beats and came back was not lost',
    at: (beforeMs) => ({ processes: aFleet(5, { state: beforeMs === 60_000 ? 'silent' : 'alive' }) }),
    overMs: 2 * MINUTE_MS,
    verdict: 'healthy',
    codes: [],
  },
  {
    name: 'a deploy kills processes before they end',
    at: (beforeMs) => ({
      processes: [
        ...aFleet(5),
        ...lostProcesses(3).map(
          (process): Process => ({
            ...process,
            state: beforeMs > 0 ? 'alive' : 'dead',
            isQuiet: beforeMs > 0,
          }),
        ),
      ],
    }),
    overMs: 2 * MINUTE_MS,
    verdict: 'degraded',
    codes: ['killed_while_stopping'],
  },
  {
    name: 'jobs are stranded',
    at: () => ({ privateLists: [aPrivateList({ size: 7 }), aPrivateList({ key: 'queue:sq|x|y', size: 5 })] }),
    verdict: 'degraded',
    codes: ['jobs_stranded'],
    says: '12 jobs are stranded: the worker processes that had taken them are dead.',
  },
  {
    name: 'the search for stranded jobs is not over',
    at: () => ({
      privateLists: [aPrivateList({ size: 7 })],
      privateListSearch: { isComplete: false, completedAtMs: undefined },
    }),
    verdict: 'degraded',
    codes: ['jobs_stranded'],
    says: 'At least 7 jobs are stranded: the worker processes that had taken them are dead.',
  },
  {
    name: 'lists of which nobody knows the owner',
    at: () => ({
      privateLists: [aPrivateList({ scheme: 'unknown', owner: undefined, ownerState: 'unknown' })],
    }),
    verdict: 'degraded',
    codes: ['lists_unknown'],
  },
  {
    name: 'private lists of live owners are at work',
    at: () => ({ privateLists: [aPrivateList({ ownerState: 'alive' })] }),
    verdict: 'healthy',
    codes: [],
  },
];

function lostProcesses(count: number): readonly Process[] {
  return Array.from({ length: Math.max(0, count) }, (_, n) =>
    aProcess(`worker-${n}:1:gone${n}`, { state: 'dead', beatAtMs: undefined, ttlMs: undefined }),
  );
}

test.each(SITUATIONS)('$name: $verdict', ({ at, overMs, verdict, codes, says }) => {
  const health = assess(aSnapshot(at(0)), watched(overMs ?? 20_000, at), aPolicy());
  expect({ verdict: health.verdict, codes: health.reasons.map(({ code }) => code) }).toEqual({
    verdict,
    codes,
  });
  const [worst] = health.reasons;
  if (says !== undefined) expect(plainText(worst?.text ?? [])).toBe(says);
});

test('the incident names the class that fills the threads first of all', () => {
  const { snapshot, samples } = incidentNight();
  const health = assess(snapshot, samples, aPolicy());
  expect(health.verdict).toBe('incident');
  expect(health.reasons[0]).toMatchObject({
    code: 'one_class_holds_threads',
    subjects: ['Recurring::DisasterJob'],
  });
});

test('no reason accuses the class of killing', () => {
  const { snapshot, samples } = incidentNight();
  const words = assess(snapshot, samples, aPolicy()).reasons.map(({ text, detail }) =>
    plainText([...text, ...(detail ?? [])]),
  );
  expect(words.filter((sentence) => /DisasterJob.*(kill|crash|die|dying)/i.test(sentence))).toEqual([]);
});

test('a quiet night is healthy', () => {
  const { snapshot, samples } = quietNight();
  expect(assess(snapshot, samples, aPolicy())).toMatchObject({ verdict: 'healthy', reasons: [] });
});

test('a stopped queue is told from a slow one', () => {
  const at = (beforeMs: number): Partial<Snapshot> => ({
    ...progressing(beforeMs),
    queues: [
      queuedAt(beforeMs, 50, 20 * MINUTE_MS, 'mailers'),
      aQueue('default', { size: 50, latencyMs: 20 * MINUTE_MS }),
    ],
  });
  const { queues } = assess(aSnapshot(at(0)), watched(4 * MINUTE_MS, at), aPolicy()).waiting;
  expect(queues.map(({ name, motion }) => [name, motion.type])).toEqual([
    ['mailers', 'stopped'],
    ['default', 'steady'],
  ]);
});

test('jobs pushed in bulk share a time, so a queue that became shorter has not stopped', () => {
  const at = (beforeMs: number): Partial<Snapshot> => ({
    queues: [queuedAt(beforeMs, 500 + Math.round(beforeMs / 1000), 20 * MINUTE_MS)],
  });
  const [queue] = assess(aSnapshot(at(0)), watched(4 * MINUTE_MS, at), aPolicy()).waiting.queues;
  expect(queue?.motion.type).toBe('draining');
});

test('a backlog says how fast it grows, and when it will be empty', () => {
  const growing = (beforeMs: number): Partial<Snapshot> => ({
    queues: [aQueue('default', { size: 9000 - Math.round(beforeMs / 50), latencyMs: 5000 })],
  });
  const draining = (beforeMs: number): Partial<Snapshot> => ({
    queues: [aQueue('default', { size: 6000 + Math.round(beforeMs / 50), latencyMs: 5000 })],
  });
  const motionOf = (at: typeof growing) =>
    assess(aSnapshot(at(0)), watched(2 * MINUTE_MS, at), aPolicy()).waiting.motion;
  expect(motionOf(growing)).toEqual({ type: 'growing', perMinute: expect.closeTo(1200) });
  expect(motionOf(draining)).toEqual({
    type: 'draining',
    perMinute: expect.closeTo(1200),
    emptyInMs: expect.closeTo(5 * MINUTE_MS),
  });
});

test('what has turned goes where it goes now: a burst that is worked off does not grow', () => {
  const burst = (beforeMs: number): Partial<Snapshot> => ({
    queues: [
      aQueue('default', { size: beforeMs > 90_000 ? 40 : 2000 + Math.round(beforeMs / 60), latencyMs: 5000 }),
    ],
  });
  const { motion } = assess(aSnapshot(burst(0)), watched(4 * MINUTE_MS, burst), aPolicy()).waiting;
  expect(motion).toMatchObject({ type: 'draining', perMinute: expect.closeTo(1000, 0) });
});

test('one sample knows no direction and no rate, and says so', () => {
  const health = assess(aSnapshot(), [sampleOf(aSnapshot())], aPolicy());
  expect(health.waiting).toMatchObject({ motion: { type: 'unknown' }, progress: undefined });
  expect(health.unknowns.map(plainText)).toEqual([
    'Rates are unknown yet: this is the first look. Ask again in half a minute.',
  ]);
});

test('a worker whose clock is off is named', () => {
  const processes = [...aFleet(2), aProcess('late-host:1:x', { beatAtMs: NOW_MS - 5 * MINUTE_MS })];
  const health = assess(
    aSnapshot({ processes }),
    watched(MINUTE_MS, () => ({ processes })),
    aPolicy(),
  );
  expect(health.unknowns.map(plainText)).toEqual([
    "The clock of late-host is 5 min behind Redis's (1 process in all): waits may be wrong by as much.",
  ]);
});

test('why Redis refuses to write is a sentence of its own', () => {
  const refused = {
    redis: { ...REDIS, writes: { state: 'refused', reason: 'its memory is full' } as const },
  };
  const { reasons } = assess(
    aSnapshot(refused),
    watched(MINUTE_MS, () => refused),
    aPolicy(),
  );
  expect(reasons.map(({ detail }) => detail && plainText(detail))).toContain('Its memory is full.');
});
