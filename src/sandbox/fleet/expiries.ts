import type { Call } from './redis-call.ts';

/** Lifetimes longer than this (daily counters) matter to no story. */
const LONGEST_SECONDS = 2 * 60 * 60;

/**
 * Redis lets keys die by its own clock; a story may be played a hundred times faster than that. This register holds
 * when each key is due by the fleet's clock, so that a played hour leaves the very keys and lifetimes of a lived one.
 */
export class Expiries {
  readonly #dueAtMs = new Map<string, number>();

  /** Notes which keys were given a lifetime; a refused or unmet command gives none. */
  note(calls: readonly Call[], replies: readonly unknown[], nowMs: number): void {
    for (const [position, [command, key, ...rest]] of calls.entries()) {
      const reply = replies[position];
      if (reply === null || reply === 0 || reply instanceof Error) continue;
      const seconds =
        command === 'EXPIRE' ? rest[0] : command === 'SET' ? rest[rest.indexOf('EX') + 1] : undefined;
      if (typeof seconds !== 'number' || seconds > LONGEST_SECONDS) continue;
      this.#dueAtMs.set(String(key), nowMs + seconds * 1000);
    }
  }

  /** Calls that end what is due; to a fleet that is played live they say nothing new. */
  endDue(nowMs: number): readonly Call[] {
    const due = [...this.#dueAtMs].filter(([, dueAtMs]) => dueAtMs <= nowMs).map(([key]) => key);
    for (const key of due) this.#dueAtMs.delete(key);
    return due.map((key) => ['UNLINK', key]);
  }

  /** Calls that give every key the lifetime it would have left, had the time really passed. */
  settle(nowMs: number): readonly Call[] {
    return [...this.#dueAtMs].map(([key, dueAtMs]) => ['PEXPIRE', key, Math.ceil(dueAtMs - nowMs)]);
  }
}
