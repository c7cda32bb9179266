import type { Snapshot } from '../sidekiq/snapshot.ts';
import type { Sample } from './sample.ts';
import { LOST_IS_PATTERN, LOST_SHARE_OF_FLEET, STOPPED_AFTER_MS } from './thresholds.ts';
import { spanMs } from './trend.ts';

/** Question 5: are processes dying, are jobs stranded? Who is to blame is not asked here. */
export type Losses = {
  /** How far back the samples reach; the figures of `lost`, `ended` and `started` cover as much. */
  readonly overMs: number;
  /** Left without taking their name from the register: killed, or cut off from Redis. */
  readonly lost: number;
  /** Of `lost`, those that had gone before the first sample, nobody knows how long before. */
  readonly lostBefore: number;
  /** Of `lost`, those that were quiet before: killed while stopping, mostly a deploy's grace period that is too short. */
  readonly lostWhileStopping: number;
  /** Were alive and are gone without a trace: stopped properly, or cleaned away before anybody looked. */
  readonly ended: number;
  readonly started: number;
  readonly silentNow: number;
  readonly deadNow: number;
  readonly stranded: Stranded;
};

type Stranded = {
  readonly jobs: number;
  readonly lists: number;
  /** Lists that look like private ones and of which nobody can say whether their owner lives. */
  readonly unknownJobs: number;
  readonly unknownLists: number;
  /** False: the search for such lists is under way, all figures are "at least". */
  readonly isSearchComplete: boolean;
};

export function lossesOf(snapshot: Snapshot, samples: readonly Sample[]): Losses {
  // Not cut where counters were reset: identities are random and stay comparable.
  const overMs = Math.max(0, spanMs(samples));
  const aliveNow = identitiesIn(snapshot, (state) => state === 'alive');
  const lostNow = identitiesIn(snapshot, (state) => state !== 'alive');
  const lostEver = union([...samples.map(({ lostIdentities }) => lostIdentities), lostNow]);
  // One that beats again was only starved or cut off (reference 4.5, false alarms).
  const lost = [...lostEver].filter((identity) => !aliveNow.has(identity));
  const quietEver = union(samples.map(({ quietIdentities }) => quietIdentities));
  const aliveEver = union(samples.map(({ aliveIdentities }) => aliveIdentities));
  const aliveAtFirst = samples[0]?.aliveIdentities ?? aliveNow;
  return {
    overMs,
    lost: lost.length,
    lostBefore: lost.filter((identity) => samples[0]?.lostIdentities.has(identity) === true).length,
    lostWhileStopping: lost.filter((identity) => quietEver.has(identity)).length,
    ended: [...aliveEver].filter((identity) => !aliveNow.has(identity) && !lostEver.has(identity)).length,
    started: [...aliveEver].filter((identity) => !aliveAtFirst.has(identity)).length,
    silentNow: identitiesIn(snapshot, (state) => state === 'silent').size,
    deadNow: identitiesIn(snapshot, (state) => state === 'dead').size,
    stranded: strandedOf(snapshot),
  };
}

/** Killed or cut off, and not in the course of a stop. */
export function crashesOf({ lost, lostWhileStopping }: Losses): number {
  return lost - lostWhileStopping;
}

/** More than nodes that come and go: several, a noticeable part of the fleet, and not all of them long ago. */
export function keepDying(losses: Losses, aliveProcesses: number): boolean {
  const crashes = crashesOf(losses);
  const isOver = losses.overMs >= STOPPED_AFTER_MS && losses.lost === losses.lostBefore;
  if (isOver) return false;
  return crashes >= LOST_IS_PATTERN && crashes >= aliveProcesses * LOST_SHARE_OF_FLEET;
}

/** Jobs whose processes are dead. */
function strandedOf({ privateLists, privateListSearch }: Snapshot): Stranded {
  const filled = privateLists.filter(({ size }) => size > 0);
  const dead = filled.filter(({ ownerState }) => ownerState === 'dead');
  const unknown = filled.filter(({ ownerState }) => ownerState === 'unknown');
  return {
    jobs: dead.reduce((sum, { size }) => sum + size, 0),
    lists: dead.length,
    unknownJobs: unknown.reduce((sum, { size }) => sum + size, 0),
    unknownLists: unknown.length,
    isSearchComplete: privateListSearch.isComplete,
  };
}

/** Over hundreds of samples of a big fleet, so without copying each. */
function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const all = new Set<string>();
  for (const set of sets) for (const identity of set) all.add(identity);
  return all;
}

function identitiesIn(
  { processes }: Snapshot,
  has: (state: Snapshot['processes'][number]['state']) => boolean,
): ReadonlySet<string> {
  return new Set(processes.filter(({ state }) => has(state)).map(({ identity }) => identity));
}
