import type { Figure } from './figure.ts';

/** What a run may be told; each benchmark heeds what concerns it. */
export type RunOptions = {
  /** How long to go on, where that can be chosen. */
  readonly minutes: number | undefined;
  /** Of all chance, so that a run can be played again: which made-up world it is. */
  readonly seed: number | undefined;
  /** Where what the bots said is kept; without it, nowhere. */
  readonly logs: string | undefined;
  /** Also what takes many minutes. */
  readonly isFull: boolean;
};

export type Benchmark = {
  readonly name: string;
  readonly run: (options: RunOptions) => Promise<readonly Figure[]>;
};

/** Measures two ways of doing the same by turns, so that a busy moment of the machine meets both; each round of both. */
export async function compare(
  rounds: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<{ oneMs: readonly number[]; otherMs: readonly number[] }> {
  const oneMs: number[] = [];
  const otherMs: number[] = [];
  // The first round warms the compiler and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    oneMs.push(await timed(one));
    otherMs.push(await timed(other));
  }
  return { oneMs: oneMs.slice(1), otherMs: otherMs.slice(1) };
}

/** In milliseconds. */
export async function timed(deed: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await deed();
  return performance.now() - startedAtMs;
}
