import { type Evidence, observe, startEvidence } from '../core/attribution/evidence.ts';
import { beatOf, listsLeftBy, processSeen, sightingsOf } from '../core/attribution/from-snapshot.ts';
import type { JobInFlight, Observation } from '../core/attribution/observation.ts';
import { type Followed, type Judgement, judge } from '../core/attribution/process-ends.ts';
import type { Process, Snapshot } from '../core/sidekiq/snapshot.ts';
import type { DeathReader } from '../ports.ts';

/** More than any process has threads; a longer list is no private list of one process. */
const MOST_LEFT = 1000;

/** How processes ended in one look: what alerts and history are told. */
export type Look = { readonly atMs: number; readonly judgements: readonly Judgement[] };

/**
 * Follows the processes of one sidekiq from snapshot to snapshot and feeds what happens to the attribution engine.
 * A snapshot is seen once; seeing an older one again does nothing.
 */
export class Watcher {
  readonly #reader: DeathReader;
  readonly evidence: Evidence;
  #followed: ReadonlyMap<string, Followed> = new Map();
  readonly #processes = new Map<string, Process>();
  /** What a silent process's private lists held: by the time its death is certain another may have rescued them. */
  readonly #left = new Map<string, readonly JobInFlight[]>();
  /** Private lists by key, and the process for whose end their jobs count. */
  readonly #claims = new Map<string, string>();
  #seenAtMs = 0;

  constructor(reader: DeathReader, evidence: Evidence = startEvidence()) {
    this.#reader = reader;
    this.evidence = evidence;
  }

  /** @throws {RedisUnavailable} before anything was counted; the next snapshot catches up. */
  async see(snapshot: Snapshot): Promise<Look> {
    const atMs = snapshot.takenAtMs;
    if (atMs <= this.#seenAtMs) return { atMs, judgements: [] };
    const gone = this.#goneFrom(snapshot);
    const remains = gone.length === 0 ? new Map() : await this.#reader.remains(gone);
    await this.#lookIntoSilent(snapshot);
    const { followed, judgements } = judge(this.#followed, sightingsOf(snapshot, gone, remains), atMs);
    const worksOf = Map.groupBy(snapshot.works, (work) => work.identity);
    for (const process of snapshot.processes) {
      if (process.state !== 'dead') this.#processes.set(process.identity, process);
    }
    for (const judgement of judgements) {
      const process = this.#processes.get(judgement.identity);
      if (process === undefined) continue;
      for (const observation of this.#observations(
        judgement,
        process,
        worksOf.get(process.identity) ?? [],
        atMs,
      )) {
        observe(this.evidence, observation);
      }
    }
    this.#followed = followed;
    this.#seenAtMs = atMs;
    this.#forget(snapshot);
    return { atMs, judgements };
  }

  #observations(
    judgement: Judgement,
    process: Process,
    works: Snapshot['works'],
    atMs: number,
  ): readonly Observation[] {
    const { identity } = judgement;
    switch (judgement.kind) {
      case 'appeared':
        return [processSeen(process, atMs)];
      case 'beat':
        this.#takeBack(identity);
        return [beatOf(process, judgement.beatAtMs, works)];
      case 'returned':
        this.#takeBack(identity);
        return [
          { kind: 'crash retracted', identity },
          processSeen(process, atMs),
          beatOf(process, judgement.beatAtMs, works),
        ];
      case 'ended':
        if (judgement.end !== 'crash') return [{ kind: 'process ended', identity, how: judgement.end }];
        return [
          {
            kind: 'process crashed',
            identity,
            lastBeatAtMs: judgement.beatAtMs,
            left: this.#left.get(identity),
          },
        ];
      default:
        return judgement satisfies never;
    }
  }

  #goneFrom(snapshot: Snapshot): readonly string[] {
    const named = new Set(snapshot.processes.map((process) => process.identity));
    return [...this.#followed.values()]
      .filter(({ identity }) => !named.has(identity))
      .map(({ identity }) => identity);
  }

  async #lookIntoSilent(snapshot: Snapshot): Promise<void> {
    const quietly = snapshot.processes.filter(
      ({ identity, state }) =>
        state !== 'alive' && !this.#left.has(identity) && this.#followed.get(identity)?.end === undefined,
    );
    const lists = quietly.flatMap((process) => {
      const known = this.#processes.get(process.identity) ?? process;
      return listsLeftBy(known, snapshot.privateLists, this.#claims).map((list) => ({ list, process }));
    });
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

  /** Keeps nothing of identities that are no longer followed, and of lists that are gone. */
  #forget(snapshot: Snapshot): void {
    const keys = new Set(snapshot.privateLists.map(({ key }) => key));
    for (const key of this.#claims.keys()) if (!keys.has(key)) this.#claims.delete(key);
    for (const identity of this.#processes.keys()) {
      if (this.#followed.has(identity)) continue;
      this.#processes.delete(identity);
      this.#left.delete(identity);
    }
  }
}
