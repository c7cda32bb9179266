/**
 * What a source tells the attribution engine. There are two sources, a watcher of Redis and a recorded trace, and the
 * engine cannot tell them apart: what the replay measures is what runs at night.
 *
 * Times are milliseconds on one clock. Observations of one process come in order; those of different processes may be
 * some seconds out of step, as heartbeats are.
 */

/** A job that a thread was running. `startedAtMs` serves the explanation only, never the verdict. */
export type JobInFlight = {
  readonly jid: string;
  readonly jobClass: string;
  readonly startedAtMs?: number | undefined;
};

/** A process was seen for the first time. It counts from its first beat on. */
export type ProcessSeen = {
  readonly kind: 'process seen';
  readonly identity: string;
  readonly host: string;
  readonly queues: readonly string[];
  readonly concurrency: number;
  readonly startedAtMs: number;
};

/** A heartbeat. `rssKb` is in Sidekiq's own unit and missing before Sidekiq 6.1.3. The same beat may be told twice. */
export type Beat = {
  readonly kind: 'beat';
  readonly identity: string;
  readonly atMs: number;
  readonly rssKb?: number | undefined;
  readonly inFlight: readonly JobInFlight[];
};

/** A process ended and no job is to blame: it stopped, or was killed while it stopped, or nobody can say. */
type ProcessEnded = { readonly kind: 'process ended'; readonly identity: string; readonly how: HarmlessEnd };

export const HARMLESS_ENDS = ['clean stop', 'killed while stopping', 'unknown'] as const;
export type HarmlessEnd = (typeof HARMLESS_ENDS)[number];

/**
 * A process died at work, some time after the beat at `lastBeatAtMs`. `left` is what its private lists held, which is
 * exactly what was in flight; without them the list of the last beat has to do.
 */
export type ProcessCrashed = {
  readonly kind: 'process crashed';
  readonly identity: string;
  readonly lastBeatAtMs: number;
  readonly left?: readonly JobInFlight[] | undefined;
};

/** A crash that was none: the same identity beats again. */
type CrashRetracted = { readonly kind: 'crash retracted'; readonly identity: string };

/** The container platform says how a process ended that is known to have crashed. */
type TerminationTold = {
  readonly kind: 'termination told';
  readonly identity: string;
  readonly reason: string;
  readonly exitCode: number;
};

/** The incident is over, or a class was paused or purged: what was seen before says nothing about what comes. */
type WindowReset = { readonly kind: 'window reset' };

export type Observation =
  | ProcessSeen
  | Beat
  | ProcessEnded
  | ProcessCrashed
  | CrashRetracted
  | TerminationTold
  | WindowReset;
