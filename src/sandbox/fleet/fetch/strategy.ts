import type { SimulatedProcess, Taken } from '../process.ts';
import type { Call, FleetRedis } from '../redis-call.ts';

/**
 * How a process takes jobs and what is left when it dies. These play the documented behaviour and what was seen in
 * Redis (reference: the strategy's own file says where); none is anybody's source.
 */
export type FetchStrategy = {
  /** Where a taken job is kept while it runs; undefined when nowhere. */
  readonly privateListFor: (process: SimulatedProcess, queue: string) => string | undefined;
  /** Takes one job of a queue; its reply is the job or nil. */
  readonly take: (process: SimulatedProcess, queue: string) => Call;
  /** After the take was answered, for fetchers that keep the job in a second step. */
  readonly keep?: (taken: Taken) => readonly Call[];
  readonly finish: (taken: Taken) => readonly Call[];
  /** What a clean stop does with jobs that were not finished in time. */
  readonly giveBack: (taken: Taken, nowMs: number) => readonly Call[];
  /** Once, after the first beat. Jobs returned here are run before any public one. */
  readonly start: (process: SimulatedProcess, redis: FleetRedis, nowMs: number) => Promise<readonly Taken[]>;
  /** At every step. */
  readonly maintain?: (process: SimulatedProcess, redis: FleetRedis, nowMs: number) => Promise<void>;
  readonly leave?: (process: SimulatedProcess) => readonly Call[];
};

/** Removes a finished job from its private list. */
export function removeFromPrivateList({ privateList, text }: Taken): readonly Call[] {
  return privateList === undefined ? [] : [['LREM', privateList, 1, text]];
}
