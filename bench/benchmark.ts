/** One measured figure. A bar is a ratio wherever possible: the machine's speed then cancels out. */
export type Figure = {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'min' | 'x' | 'MB' | 'commands' | 'messages';
  /** What it must not exceed; a figure without one only informs. */
  readonly atMost?: number;
};

export type Benchmark = {
  readonly name: string;
  readonly run: (options: Options) => Promise<readonly Figure[]>;
};

/** `seed`: which made-up world is played, where one is. */
export type Options = { readonly seed?: number };

/** Measures two ways of doing the same by turns, so that a busy moment of the machine meets both; medians. */
export async function compare(
  rounds: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<{ oneMs: number; otherMs: number }> {
  const oneMs: number[] = [];
  const otherMs: number[] = [];
  // The first round warms the compiler and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    oneMs.push(await timed(one));
    otherMs.push(await timed(other));
  }
  return { oneMs: median(oneMs.slice(1)), otherMs: median(otherMs.slice(1)) };
}

async function timed(deed: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await deed();
  return performance.now() - startedAtMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
