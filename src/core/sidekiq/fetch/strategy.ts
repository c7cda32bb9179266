import type { BareProcess } from '../process.ts';
import type { FetchStrategyName, PrivateList } from '../snapshot.ts';

/** What the name of a list says, and where needed the job in it. */
export type ListName = Pick<PrivateList, 'key' | 'scheme' | 'owner' | 'queue'> & {
  /** Of the gem's own, so that its heartbeat can be asked for (GitLab). */
  readonly nonce?: string;
};

/** A list with a name that might be private, without the namespace. */
export type FoundList = {
  readonly key: string;
  /** The `queue` fields of the jobs that were looked at, each once. More than one: nobody may guess its target. */
  readonly payloadQueues: readonly string[];
  readonly queueNames: ReadonlySet<string>;
};

/** What is known of all processes together when a list's owner is judged. */
export type Fleet = {
  readonly processes: readonly BareProcess[];
  /** Identities whose hash exists, whether or not `processes` names them. */
  readonly beatingIdentities: ReadonlySet<string>;
  /** Members of `super_processes`. */
  readonly superProcesses: ReadonlySet<string>;
  /** "HOST:PID" of live heartbeats of GitLab's fetchers. */
  readonly gitlabBeating: ReadonlySet<string>;
  readonly lists: readonly ListName[];
  readonly nowMs: number;
};

/**
 * A way to take jobs from a queue, as far as its traces in Redis go. A new strategy is one more file and one more line
 * in `fetch/index.ts`.
 */
export type FetchStrategy = {
  /** Of its private lists; none when it keeps none. */
  readonly schemes: readonly PrivateList['scheme'][];
  /** Globs beside `*queue:*` that meet its lists, for a Redis whose SCAN cannot ask for lists alone. */
  readonly globs: readonly string[];
  /** Reads a private list's name; undefined when it is none of this strategy. */
  readonly readName: (list: FoundList) => ListName | undefined;
  /** Judges the owner of a list that `readName` recognised. */
  readonly ownerState: (list: ListName, fleet: Fleet) => PrivateList['ownerState'];
  /** Why this process is believed to fetch so; undefined without a sign of it. */
  readonly evidence: (
    process: BareProcess,
    fleet: Fleet,
  ) => { readonly strategy: FetchStrategyName; readonly evidence: string } | undefined;
};

/** Alive while its hash exists, not while its name is in `processes` (reference: 1, rule 5). */
export function identityState(list: ListName, fleet: Fleet): PrivateList['ownerState'] {
  if (list.owner === undefined) return 'unknown';
  return fleet.beatingIdentities.has(list.owner) ? 'alive' : 'dead';
}

/** Processes that might still run what they took. */
export function livingProcesses(fleet: Fleet): readonly BareProcess[] {
  return fleet.processes.filter((process) => process.state !== 'dead');
}
