import { bytes, counted } from '../core/amounts.ts';
import { evictionOf, readRedisState } from '../core/redis-state.ts';
import type { RedisState } from '../core/sidekiq/snapshot.ts';
import { ask } from './ask.ts';
import type { Connection } from './connect.ts';

/** Often enough to notice trouble, seldom enough to cost nothing. */
const LOOK_EVERY_MS = 250;
/** So much slower than at its best Redis may answer before we wait for it. */
const SLOW_BY_MS = 15;
const WAIT_FACTOR = 5;
const MAX_WAIT_MS = 1000;
/** A replica that is further behind is soon cut off, and its full copy makes the master fork (performance.md, 4.4). */
const MAX_LAG_BYTES = 32 * 1024 * 1024;
const LAG_WAIT_MS = 250;
/** Trouble that lasts is none of ours, and we make it worse. */
const MAX_TROUBLE_MS = 60_000;

/** How Redis feels: in words, what waiting would be kind, or why to stop. */
export type Advice = {
  readonly feels: string;
  readonly waitMs: number;
  readonly stopBecause: string | undefined;
};

/**
 * Looks now and then how Redis feels. Slow answers and replicas that fall behind are reasons to wait. Its memory is only told:
 * each page that is cut off frees some, so waiting would help nobody. And so are its blocked clients: those are mostly workers
 * without jobs, who get some sooner if we go on. Only a Redis that throws jobs away is a reason to stop at once.
 */
export class Pace {
  readonly #connection: Connection;
  #lookedAtMs = 0;
  #bestPingMs = Number.POSITIVE_INFINITY;
  #troubleSinceMs: number | undefined;
  #feels = '';
  #evictedBefore: number | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** `isDue`: however short ago the last look was. */
  async look(isDue = false): Promise<Advice> {
    const nowMs = performance.now();
    if (!isDue && nowMs - this.#lookedAtMs < LOOK_EVERY_MS) {
      return { feels: this.#feels, waitMs: 0, stopBecause: undefined };
    }
    await ask(this.#connection, [['PING']]);
    const pingMs = performance.now() - nowMs;
    // It may be forbidden; then there is only the ping to go by.
    const [reply] = await ask(this.#connection, [['INFO']]);
    const info = reply?.ok ? String(reply.value) : undefined;
    this.#lookedAtMs = performance.now();
    const lagBytes = replicaLagBytes(info ?? '');
    const state = readRedisState({ info, pingMs, stopsWritesOnFailedSave: undefined });
    this.#feels = feelsLike(state);
    const evicting = this.#evicting(state);
    if (evicting !== undefined) return { feels: this.#feels, waitMs: 0, stopBecause: evicting };
    this.#bestPingMs = Math.min(this.#bestPingMs, pingMs);
    const waitMs = waitFor(pingMs - this.#bestPingMs, lagBytes);
    if (waitMs === 0) this.#troubleSinceMs = undefined;
    else this.#troubleSinceMs ??= nowMs;
    const lastedMs = nowMs - (this.#troubleSinceMs ?? nowMs);
    if (lastedMs <= MAX_TROUBLE_MS) return { feels: this.#feels, waitMs, stopBecause: undefined };
    const what =
      lagBytes > MAX_LAG_BYTES
        ? `its slowest replica is ${bytes(lagBytes)} behind`
        : `it takes ${Math.round(pingMs)} ms to answer`;
    const stopBecause = `Redis has suffered for ${Math.round(lastedMs / 1000)} s: ${what}.`;
    return { feels: this.#feels, waitMs, stopBecause };
  }

  /** Jobs that Redis throws away while we move others look as if we had lost them; and it may be we who made it throw. */
  #evicting(state: RedisState): string | undefined {
    const { evictedKeys, maxMemoryPolicy } = state;
    this.#evictedBefore ??= evictedKeys;
    const thrown = (evictedKeys ?? 0) - (this.#evictedBefore ?? 0);
    if (thrown <= 0 || evictionOf(state) !== 'any key') return undefined;
    return `Redis is full and has thrown ${counted(thrown, 'key')} away since this began (maxmemory-policy ${maxMemoryPolicy}): jobs may be among them. Set the policy to noeviction first; what is done here works on a full Redis too.`;
  }
}

/** "Redis answers in 2 ms, memory 1.2 of 2 GB, 14 clients blocked", as far as it may be asked. */
export function feelsLike({ pingMs, usedMemoryBytes, maxMemoryBytes, blockedClients }: RedisState): string {
  const limit = maxMemoryBytes === undefined || maxMemoryBytes === 0 ? '' : ` of ${bytes(maxMemoryBytes)}`;
  return [
    `Redis answers in ${pingMs < 1 ? 'under 1' : Math.round(pingMs)} ms`,
    ...(usedMemoryBytes === undefined ? [] : [`memory ${bytes(usedMemoryBytes)}${limit}`]),
    ...(blockedClients === undefined ? [] : [counted(blockedClients, 'client blocked', 'clients blocked')]),
  ].join(', ');
}

/** How long to leave Redis alone. */
export function waitFor(slowerByMs: number, lagBytes: number): number {
  if (lagBytes > MAX_LAG_BYTES) return LAG_WAIT_MS;
  return slowerByMs > SLOW_BY_MS ? Math.min(MAX_WAIT_MS, Math.round(slowerByMs * WAIT_FACTOR)) : 0;
}

/** How far the slowest replica that is online is behind, from INFO replication. */
export function replicaLagBytes(info: string): number {
  const master = Number(/^master_repl_offset:(\d+)/m.exec(info)?.[1] ?? 0);
  const offsets = [...info.matchAll(/^slave\d+:.*state=online,offset=(\d+)/gm)].map(([, offset]) =>
    Number(offset),
  );
  return Math.max(0, ...offsets.map((offset) => master - offset));
}
