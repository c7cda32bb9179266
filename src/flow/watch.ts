import { observe } from '../core/attribution/evidence.ts';
import { beatOf, listsLeftBy, processSeen, sightingsOf } from '../core/attribution/from-snapshot.ts';
import type { JobInFlight, Observation } from '../core/attribution/observation.ts';
import { type Followed, type Judgement, judge } from '../core/attribution/process-ends.ts';
import { emptyMemory, type WatchMemory } from '../core/attribution/watch-memory.ts';
import type { Process, Snapshot, Work } from '../core/sidekiq/snapshot.ts';
import type { DeathReader } from '../ports/reading.ts';

/** More than any process has threads; a longer list is no private list of one process. */
const MOST_LEFT = 1000;

/** No snapshot is seen so late; one that is older than this was taken when Redis's clock had been set back, or by another Redis. */
const OLDER_MS = 30_000;

/** How processes ended in one look: what alerts and history are told. */
export type Look = { readonly atMs: number; readonly judgements: readonly Judgement[] };

/** The same processes as if they had been seen by the clock that Redis has now: nobody is forgotten, and nobody's death missed. */
function steppedBack(followed: ReadonlyMap<string, Followed>, byMs: number): ReadonlyMap<string, Followed> {
  return new Map(
    [...followed].map(([identity, one]) => [
      identity,
      { ...one, beatSeenAtMs: one.beatSeenAtMs - byMs, namedAtMs: one.namedAtMs - byMs },
    ]),
  );
}

/** Whether a judgement changes what is believed: a crash, or one that is taken back. */
export function isNews(judgement: Judgement): boolean {
  return judgement.kind === 'returned' || (judgement.kind === 'ended' && judgement.end === 'crash');
}

/**
 * Follows the processes of one sidekiq from snapshot to snapshot and feeds what happens to the attribution engine.
 * A snapshot is seen once; seeing an older one again does nothing.
 */
export class Watcher {
  readonly #reader: DeathReader;
  #memory: WatchMemory;
  /** What a silent process's private lists held: by the time its death is certain another may have rescued them. */
  readonly #left = new Map<string, readonly JobInFlight[]>();
  /** Private lists by key, and the process for whose end their jobs count. */
  readonly #claims = new Map<string, string>();

  constructor(reader: DeathReader, memory: WatchMemory = emptyMemory()) {
    this.#reader = reader;
    this.#memory = memory;
  }

  /** To be frozen or summarised at once: the evidence in it goes on changing. */
  get memory(): WatchMemory {
    return this.#memory;
  }

  /** @throws {RedisUnavailable} before anything was counted; the next snapshot catches up. */
  async see(snapshot: Snapshot): Promise<Look> {
    const atMs = snapshot.takenAtMs;
    const { seenAtMs, followed, evidence } = this.#memory;
    const hasStepped = seenAtMs - atMs > OLDER_MS;
    if (atMs <= seenAtMs && !hasStepped) return { atMs, judgements: [] };
    const before = hasStepped ? steppedBack(followed, seenAtMs - atMs) : followed;
    const gone = this.#goneFrom(snapshot);
    const remains = gone.length === 0 ? new Map() : await this.#reader.remains(gone);
    await this.#lookIntoSilent(snapshot);
    const sightings = sightingsOf(snapshot, gone, remains, this.#left);
    const { followed: after, judgements } = judge(before, sightings, atMs);
    const worksOf = Map.groupBy(snapshot.works, (work) => work.identity);
    const processes = new Map(snapshot.processes.map((process) => [process.identity, process]));
    for (const judgement of judgements) {
      const { identity } = judgement;
      const observations = this.#observations(
        judgement,
        processes.get(identity),
        worksOf.get(identity) ?? [],
      );
      for (const observation of observations) observe(evidence, observation);
    }
    this.#memory = { seenAtMs: atMs, followed: after, evidence };
    this.#forget(snapshot);
    return { atMs, judgements };
  }

  /** Whoever is judged by a beat is in the snapshot; the ended may be gone from it. */
  #observations(
    judgement: Judgement,
    process: Process | undefined,
    works: readonly Work[],
  ): readonly Observation[] {
    const { identity } = judgement;
    if (judgement.kind === 'ended') {
      const { end, beatAtMs } = judgement;
      if (end !== 'crash') return [{ kind: 'process ended', identity, how: end }];
      return [{ kind: 'process crashed', identity, lastBeatAtMs: beatAtMs, left: this.#left.get(identity) }];
    }
    if (process === undefined) return [];
    switch (judgement.kind) {
      case 'appeared':
        return [processSeen(process)];
      case 'beat':
        this.#takeBack(identity);
        return [beatOf(process, judgement.beatAtMs, works)];
      case 'returned':
        this.#takeBack(identity);
        return [
          { kind: 'crash retracted', identity },
          processSeen(process),
          beatOf(process, judgement.beatAtMs, works),
        ];
      default:
        return judgement satisfies never;
    }
  }

  #goneFrom(snapshot: Snapshot): readonly string[] {
    const named = new Set(snapshot.processes.map((process) => process.identity));
    return [...this.#memory.followed.values()]
      .filter(({ identity }) => !named.has(identity))
      .map(({ identity }) => identity);
  }

  async #lookIntoSilent(snapshot: Snapshot): Promise<void> {
    const quietly = snapshot.processes.filter(
      ({ identity, state }) =>
        state !== 'alive' &&
        !this.#left.has(identity) &&
        this.#memory.followed.get(identity)?.end === undefined,
    );
    const lists = quietly.flatMap((process) =>
      listsLeftBy(process, snapshot, this.#claims).map((list) => ({ list, process })),
    );
    if (lists.length === 0) return;
    const keys = lists.map(({ list }) => list.key);
    const jobs = await this.#reader.jobsIn(keys, MOST_LEFT);
    for (const { list, process } of lists) {
      const before = this.#left.get(process.identity) ?? [];
      this.#left.set(process.identity, [...before, ...(jobs.get(list.key) ?? [])]);
      this.#claims.set(list.key, process.identity);
    }
  }

  /** It lives: what its private lists held is running, and counts when it really ends. */
  #takeBack(identity: string): void {
    this.#left.delete(identity);
    for (const [key, owner] of this.#claims) if (owner === identity) this.#claims.delete(key);
  }

  /** Keeps nothing of identities that are neither followed nor named any longer, and of lists that are gone. */
  #forget(snapshot: Snapshot): void {
    const keys = new Set(snapshot.privateLists.map(({ key }) => key));
    for (const key of this.#claims.keys()) if (!keys.has(key)) this.#claims.delete(key);
    const named = new Set(snapshot.processes.map(({ identity }) => identity));
    for (const identity of this.#left.keys()) {
      if (!named.has(identity) && !this.#memory.followed.has(identity)) this.#left.delete(identity);
    }
  }
}
