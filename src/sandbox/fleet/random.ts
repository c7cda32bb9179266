/** Chance, handed in: the same seed plays the same night. */
export type Random = {
  /** Evenly from 0 (included) to 1 (excluded). */
  readonly next: () => number;
  readonly integer: (below: number) => number;
  readonly between: (low: number, high: number) => number;
  /** Waiting times and durations of real systems: mostly short, sometimes long, at most ten times the mean. */
  readonly exponential: (mean: number) => number;
  readonly hex: (digits: number) => string;
  readonly pick: <T>(items: readonly [T, ...T[]]) => T;
};

/** A generator of its own for each seed (mulberry32: 32 bits of state are plenty for a story). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    between: (low, high) => low + next() * (high - low),
    exponential: (mean) => Math.min(-Math.log(1 - next()), 10) * mean,
    hex: (digits) => {
      let text = '';
      while (text.length < digits)
        text += integer(2 ** 32)
          .toString(16)
          .padStart(8, '0');
      return text.slice(0, digits);
    },
    pick: (items) => items[integer(items.length)] ?? items[0],
  };
}
