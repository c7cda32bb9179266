import { type Sample, sampleOf } from '../src/core/health/sample.ts';
import type { SidekiqPolicy } from '../src/core/policy.ts';
import type { JobSet, PrivateList, Process, Queue, Snapshot, Work } from '../src/core/sidekiq/snapshot.ts';

/** Snapshots made by hand: a healthy fleet of five processes with five threads, and what a test changes in it. */

export const NOW_MS = Date.UTC(2026, 10, 23, 3, 14);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

export function aPolicy(overrides: Partial<SidekiqPolicy> = {}): SidekiqPolicy {
  return { name: 'payroll', channels: [], pollMs: 5000, queues: new Map(), classes: new Map(), ...overrides };
}

export function aQueue(name: string, overrides: Partial<Queue> = {}): Queue {
  const filled = { name, size: 0, latencyMs: 0, oldest: undefined, isPaused: false, ...overrides };
  if (filled.size === 0 || overrides.oldest !== undefined) return filled;
  return { ...filled, oldest: { jobClass: 'Payroll::SyncJob', createdAtMs: NOW_MS - filled.latencyMs } };
}

export function aProcess(identity: string, overrides: Partial<Process> = {}): Process {
  return {
    identity,
    state: 'alive',
    hostname: identity.split(':')[0] ?? identity,
    pid: 1,
    tag: 'app',
    startedAtMs: NOW_MS - 8 * HOUR_MS,
    beatAtMs: NOW_MS - 3000,
    ttlMs: 57_000,
    concurrency: 5,
    busy: 0,
    isQuiet: false,
    isEmbedded: false,
    rssBytes: 400 * 2 ** 20,
    rttUs: 300,
    queues: ['default', 'mailers', 'critical'],
    labels: [],
    version: '6.4.1',
    fetch: { strategy: 'basic', evidence: 'no sign of super_fetch' },
    ...overrides,
  };
}

export function aFleet(size: number, overrides: Partial<Process> = {}): readonly Process[] {
  return Array.from({ length: size }, (_, index) => aProcess(`worker-${index}:1:abc${index}`, overrides));
}

/** Every thread of the processes runs the class. */
export function worksOf(processes: readonly Process[], jobClass: string, ageMs = 45_000): readonly Work[] {
  return processes.flatMap(({ identity, concurrency }) =>
    Array.from({ length: concurrency ?? 0 }, (_, thread) => ({
      identity,
      threadId: `t${thread}`,
      queue: 'default',
      jobClass,
      jid: `${identity}-${thread}`,
      runAtMs: NOW_MS - ageMs,
    })),
  );
}

export function aJobSet(size = 0, overrides: Partial<JobSet> = {}): JobSet {
  return {
    size,
    lowestScoreMs: undefined,
    highestScoreMs: undefined,
    due: 0,
    addedLastHour: 0,
    ...overrides,
  };
}

export function aPrivateList(overrides: Partial<PrivateList> = {}): PrivateList {
  return {
    key: 'queue:sq|worker-9:1:dead|default',
    scheme: 'super_fetch',
    owner: 'worker-9:1:dead',
    ownerState: 'dead',
    queue: { name: 'default', knownBy: 'key' },
    size: 5,
    ...overrides,
  };
}

export function aSnapshot(overrides: Partial<Snapshot> = {}): Snapshot {
  return {
    sidekiq: 'payroll',
    takenAtMs: NOW_MS,
    tookMs: 4,
    queues: [aQueue('default'), aQueue('mailers'), aQueue('critical')],
    retrySet: aJobSet(12),
    scheduledSet: aJobSet(40),
    deadSet: aJobSet(3),
    processes: aFleet(5),
    works: [],
    privateLists: [],
    privateListSearch: { isComplete: true, completedAtMs: NOW_MS - 1000 },
    counters: { processed: 1_000_000, failed: 900, processedToday: 20_000, failedToday: 9 },
    redis: {
      version: '7.0.15',
      role: 'master',
      pingMs: 0.4,
      usedMemoryBytes: 200 * 2 ** 20,
      maxMemoryBytes: 2 * 2 ** 30,
      maxMemoryPolicy: 'noeviction',
      writes: { state: 'accepted', reason: '' },
      connectedClients: 60,
      blockedClients: 20,
      evictedKeys: 0,
    },
    faults: [],
    ...overrides,
  };
}

/** Samples of the minutes before, one every ten seconds, each as `at(msBefore)` shows it, and the present one last. */
export function watched(overMs: number, at: (beforeMs: number) => Partial<Snapshot>): readonly Sample[] {
  const samples: Sample[] = [];
  for (let beforeMs = overMs; beforeMs >= 0; beforeMs -= 10_000) {
    samples.push(sampleOf(aSnapshot({ takenAtMs: NOW_MS - beforeMs, ...at(beforeMs) })));
  }
  return samples;
}

/** The counters as they were `beforeMs` ago. */
export function countersAt(
  beforeMs: number,
  donePerMinute: number,
  failedPerMinute = 0,
): Snapshot['counters'] {
  return {
    processed: 1_000_000 - Math.round((beforeMs / MINUTE_MS) * donePerMinute),
    failed: 90_000 - Math.round((beforeMs / MINUTE_MS) * failedPerMinute),
    processedToday: 0,
    failedToday: 0,
  };
}
