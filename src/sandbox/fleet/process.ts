import type { Dialect, ProcessFacts, SidekiqVersion } from './dialect.ts';
import { dialectOf } from './dialect.ts';
import type { Random } from './random.ts';

/** The ways of fetching that the fleet can play. */
export type FetchName =
  | 'basic'
  | 'reliable_fetch'
  | 'super_fetch'
  | 'gitlab-reliable'
  | 'gitlab-semi-reliable';

/** One container: the process in it may die, the container comes back with a new one. */
export type ProcessSettings = {
  readonly host: string;
  /** `-i` of Sidekiq up to 5.2; a part of reliable_fetch's private names. */
  readonly index: number;
  readonly version: SidekiqVersion;
  readonly fetch: FetchName;
  readonly concurrency: number;
  /** Queues with their weights. All weights 1 means strict order, as Sidekiq takes it. */
  readonly weights: Readonly<Record<string, number>>;
  readonly tag: string;
  readonly baseRssKb: number;
  /** Above this the kernel kills it. */
  readonly memoryLimitKb: number;
  /** From the kill to the next start. */
  readonly restartMs: { readonly least: number; readonly most: number };
};

/** A job in somebody's hands, and the private list that keeps it meanwhile, if the fetcher has one. */
export type Taken = { readonly queue: string; readonly text: string; readonly privateList?: string };

/** What one thread is busy with. */
export type Running = {
  readonly taken: Taken;
  readonly className: string;
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  readonly leakKbPerSecond: number;
};

export type Thread = { readonly tid: string; running: Running | undefined };

/** A process while it lives. The only state of the fleet outside Redis, as it is in life. */
export type SimulatedProcess = {
  readonly settings: ProcessSettings;
  readonly dialect: Dialect;
  readonly facts: ProcessFacts;
  /** GitLab's fetcher has a nonce of its own beside Sidekiq's. */
  readonly fetchNonce: string;
  readonly threads: readonly Thread[];
  /** Jobs of its own private lists that it runs before any public one. */
  readonly inherited: Taken[];
  isQuiet: boolean;
  nextBeatMs: number;
  nextCleanupMs: number;
  readonly sinceBeat: { processed: number; failed: number; readonly metrics: Map<string, number> };
};

/** A new process in a container: same host, same pid (it is 1 in containers), a new nonce. */
export function bootProcess(settings: ProcessSettings, nowMs: number, random: Random): SimulatedProcess {
  const identity = `${settings.host}:1:${random.hex(12)}`;
  return {
    settings,
    dialect: dialectOf(settings.version),
    facts: {
      host: settings.host,
      pid: 1,
      identity,
      startedAtMs: nowMs,
      tag: settings.tag,
      concurrency: settings.concurrency,
      weights: settings.weights,
      labels: settings.fetch === 'super_fetch' ? ['reliable'] : [],
    },
    fetchNonce: random.hex(12),
    threads: Array.from({ length: settings.concurrency }, () => ({
      tid: tidFrom(random),
      running: undefined,
    })),
    inherited: [],
    isQuiet: false,
    nextBeatMs: nowMs,
    // Sidekiq's scheduler drops stale names 5 to 15 s after its start.
    nextCleanupMs: nowMs + random.between(5_000, 15_000),
    sinceBeat: { processed: 0, failed: 0, metrics: new Map() },
  };
}

/** Sidekiq's thread ids are object ids in base 36. */
function tidFrom(random: Random): string {
  return (10_000 + random.integer(36 ** 4)).toString(36);
}

/** Resident memory: what the process needs anyway and what its jobs have taken so far. */
export function rssKbOf(process: SimulatedProcess, nowMs: number): number {
  const takenKb = process.threads.map(({ running }) =>
    running === undefined ? 0 : ((nowMs - running.startedAtMs) / 1000) * running.leakKbPerSecond,
  );
  return Math.round(takenKb.reduce((sum, kb) => sum + kb, process.settings.baseRssKb));
}

/** Whether the kernel would kill the process now. */
export function isOutOfMemory(process: SimulatedProcess, nowMs: number): boolean {
  return rssKbOf(process, nowMs) > process.settings.memoryLimitKb;
}

/** The order in which a process asks its queues this time: as written when strict, shuffled by weight otherwise. */
export function queueOrder(weights: Readonly<Record<string, number>>, random: Random): readonly string[] {
  const entries = Object.entries(weights);
  if (entries.every(([, weight]) => weight === 1)) return entries.map(([name]) => name);
  // Drawing without return, each queue as likely as its weight, is what a shuffle of repeated names does.
  return entries
    .map(([name, weight]) => ({ name, draw: -Math.log(1 - random.next()) / weight }))
    .sort((one, other) => one.draw - other.draw)
    .map(({ name }) => name);
}
