import { Gauge, type Registry } from 'prom-client';
import type { Queue, Snapshot } from '../core/sidekiq/snapshot.ts';

/** One sidekiq as it was last looked at; being scraped asks its Redis for nothing. */
export type SidekiqSeen = {
  readonly sidekiq: string;
  /** Undefined before the first look, and while its Redis has never answered. */
  readonly last: { readonly snapshot: Snapshot; readonly ageMs: number } | undefined;
  /** Whether this bot is the one that follows its processes. */
  readonly isWatching: boolean;
  /** The likeliest first. */
  readonly suspects: readonly { readonly jobClass: string; readonly p: number }[];
};

/** More queues than these become one line, so that a queue for each customer does not flood whoever collects. */
const QUEUES_MAX = 50;
const SUSPECTS_MAX = 5;
const OTHERS = '(others)';

/** Draws what was seen last. Whatever is no longer there is gone at the next scrape. */
export function sidekiqGauges(registry: Registry): (seen: readonly SidekiqSeen[]) => void {
  const gauges: Gauge[] = [];
  const gauge = (name: string, help: string, ...labelNames: string[]) => {
    const made = new Gauge({ name, help, labelNames: ['sidekiq', ...labelNames], registers: [registry] });
    gauges.push(made);
    return made;
  };
  const age = gauge('sidekiq_seen_seconds_ago', 'How old all these figures are.');
  const isWatching = gauge('poison_control_watching', '1 where this bot follows the processes.');
  const queueSize = gauge('sidekiq_queue_size', 'Jobs that wait in a queue.', 'queue');
  const latency = gauge('sidekiq_queue_latency_seconds', 'How long the next job of it has waited.', 'queue');
  const isPaused = gauge('sidekiq_queue_paused', '1 while a queue is paused.', 'queue');
  const setSize = gauge('sidekiq_set_size', 'Jobs in the retry, scheduled and dead set.', 'set');
  const setDue = gauge('sidekiq_set_due', 'Of these, jobs whose time has come and that nobody took.', 'set');
  const processes = gauge('sidekiq_processes', 'Processes by state; a quiet one takes no new jobs.', 'state');
  const threads = gauge('sidekiq_threads', 'Threads of processes that live.');
  const busy = gauge('sidekiq_threads_busy', 'Of these, threads that run a job.');
  const leftBehind = gauge(
    'sidekiq_private_list_jobs',
    'Jobs in private lists by their owner’s state.',
    'owner',
  );
  const suspect = gauge(
    'sidekiq_suspect_probability',
    'How likely a job class is killing processes; the likeliest few.',
    'class',
  );
  const processed = gauge('sidekiq_processed', 'Jobs processed since ever, as Sidekiq counts them.');
  const failed = gauge('sidekiq_failed', 'Jobs failed since ever, as Sidekiq counts them.');
  const memory = gauge(
    'sidekiq_redis_memory_bytes',
    'Memory that Redis uses, and its limit where it has one.',
    'of',
  );
  const ping = gauge(
    'sidekiq_redis_ping_seconds',
    'How long Redis took to answer when it was last looked at.',
  );
  const clients = gauge('sidekiq_redis_clients', 'Connections that Redis holds.');
  const refusesWrites = gauge('sidekiq_redis_refuses_writes', '1 while Redis takes no writes.');

  const drawSnapshot = (sidekiq: string, snapshot: Snapshot): void => {
    for (const { name, size, latencyMs, isPaused: paused } of boundedQueues(snapshot.queues)) {
      queueSize.set({ sidekiq, queue: name }, size);
      latency.set({ sidekiq, queue: name }, latencyMs / 1000);
      isPaused.set({ sidekiq, queue: name }, paused ? 1 : 0);
    }
    for (const [set, { size, due }] of [
      ['retry', snapshot.retrySet],
      ['scheduled', snapshot.scheduledSet],
      ['dead', snapshot.deadSet],
    ] as const) {
      setSize.set({ sidekiq, set }, size);
      if (set !== 'dead') setDue.set({ sidekiq, set }, due);
    }
    for (const state of ['alive', 'quiet', 'silent', 'dead']) processes.set({ sidekiq, state }, 0);
    for (const { state, isQuiet } of snapshot.processes) {
      processes.inc({ sidekiq, state: state === 'alive' && isQuiet ? 'quiet' : state });
    }
    const living = snapshot.processes.filter(({ state }) => state === 'alive');
    threads.set({ sidekiq }, sum(living.map(({ concurrency }) => concurrency ?? 0)));
    busy.set({ sidekiq }, sum(living.map((process) => process.busy)));
    for (const owner of ['alive', 'dead', 'unknown']) leftBehind.set({ sidekiq, owner }, 0);
    for (const { ownerState, size } of snapshot.privateLists)
      leftBehind.inc({ sidekiq, owner: ownerState }, size);
    processed.set({ sidekiq }, snapshot.counters.processed);
    failed.set({ sidekiq }, snapshot.counters.failed);
    const { redis } = snapshot;
    if (redis.usedMemoryBytes !== undefined) memory.set({ sidekiq, of: 'used' }, redis.usedMemoryBytes);
    if (redis.maxMemoryBytes) memory.set({ sidekiq, of: 'limit' }, redis.maxMemoryBytes);
    ping.set({ sidekiq }, redis.pingMs / 1000);
    if (redis.connectedClients !== undefined) clients.set({ sidekiq }, redis.connectedClients);
    if (redis.writes.state !== 'unknown') {
      refusesWrites.set({ sidekiq }, redis.writes.state === 'refused' ? 1 : 0);
    }
  };

  return (seen) => {
    for (const each of gauges) each.reset();
    for (const { sidekiq, last, suspects, isWatching: watches } of seen) {
      isWatching.set({ sidekiq }, watches ? 1 : 0);
      for (const { jobClass, p } of suspects.slice(0, SUSPECTS_MAX))
        suspect.set({ sidekiq, class: jobClass }, p);
      if (last === undefined) continue;
      age.set({ sidekiq }, last.ageMs / 1000);
      drawSnapshot(sidekiq, last.snapshot);
    }
  };
}

type BoundedQueue = Pick<Queue, 'name' | 'size' | 'latencyMs' | 'isPaused'>;

/** The largest by name, and all others as one: their sum, and the longest wait among them. */
export function boundedQueues(queues: readonly Queue[]): readonly BoundedQueue[] {
  if (queues.length <= QUEUES_MAX) return queues;
  const bySize = queues.toSorted((one, other) => other.size - one.size || (one.name < other.name ? -1 : 1));
  const others = bySize.slice(QUEUES_MAX - 1);
  return [
    ...bySize.slice(0, QUEUES_MAX - 1),
    {
      name: OTHERS,
      size: sum(others.map(({ size }) => size)),
      latencyMs: Math.max(...others.map(({ latencyMs }) => latencyMs)),
      isPaused: others.some((queue) => queue.isPaused),
    },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
