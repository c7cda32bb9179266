import type { Crash } from './crash.ts';

const SAME_EVENT_MS = 12_000;

type Lost = Pick<Crash, 'host' | 'atMs'> & { readonly startedAtMs?: number };

const BEFORE_ALL = Number.MIN_SAFE_INTEGER;
const bornBy = ({ startedAtMs = BEFORE_ALL }: Lost): number => startedAtMs;

/**
 * Processes lost on one host within seconds are one event: the machine, or one process that took the machine along.
 * A process that was started after the first was lost is its successor: a loop, not a machine.
 * Returns for each crash its event, numbered from 0 in order of time, and its weight, one divided by the event's size.
 */
export function crashEvents(crashes: readonly Lost[]): {
  readonly events: readonly number[];
  readonly weights: Float64Array;
} {
  const events = crashes.map(() => 0);
  const sizes: number[] = [];
  const open = new Map<string, { readonly event: number; readonly sinceMs: number }>();
  // Of those lost at the same moment the oldest first: it was there at an event that its neighbour may have come after.
  const inOrder = [...crashes.entries()].sort(([, a], [, b]) => a.atMs - b.atMs || bornBy(a) - bornBy(b));
  for (const [index, { host, atMs, startedAtMs = BEFORE_ALL }] of inOrder) {
    const current = open.get(host);
    const isSame =
      current !== undefined && atMs - current.sinceMs <= SAME_EVENT_MS && startedAtMs <= current.sinceMs;
    const event = isSame ? current.event : sizes.length;
    if (!isSame) open.set(host, { event, sinceMs: atMs });
    events[index] = event;
    sizes[event] = (sizes[event] ?? 0) + 1;
  }
  return { events, weights: Float64Array.from(events, (event) => 1 / (sizes[event] ?? 1)) };
}
