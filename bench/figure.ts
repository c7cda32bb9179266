/** One measured figure. A bar is a ratio wherever possible: the machine's speed then cancels out. */
export type Figure = {
  readonly what: string;
  readonly value: number;
  /** Of the rounds that `value` is the middle of; without it there was one. */
  readonly spread?: Spread;
  readonly unit: 'ms' | 's' | 'min' | 'x' | 'MB' | CountUnit;
  /** What `value` must not exceed; a figure without one only informs. */
  readonly atMost?: number;
};

type Spread = { readonly least: number; readonly most: number; readonly rounds: number };

/** What is counted, and so written as a whole number. */
const COUNT_UNITS = ['commands', 'messages', 'jobs', 'actions', 'clicks', 'faults', 'records'] as const;
type CountUnit = (typeof COUNT_UNITS)[number];

/** What some rounds say of one figure: their middle, and how far they lie apart. */
export function ofRounds(values: readonly number[]): Pick<Figure, 'value' | 'spread'> {
  const value = median(values);
  if (values.length < 2) return { value };
  return {
    value,
    spread: { least: Math.min(...values), most: Math.max(...values), rounds: values.length },
  };
}

/** How many times the other each round took; both have as many, by turns where that can be, for a busy moment then meets both. */
export function ratios(ones: readonly number[], others: readonly number[]): number[] {
  return ones.map((one, round) => one / (others[round] ?? Number.NaN));
}

/** The upper one where two are in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function isMet({ value, atMost }: Figure): boolean {
  return atMost === undefined || value <= atMost;
}

/** `what    3.31 x  (3.20 to 3.50 of 3)  at most 4 x  met` */
export function lineOf(figure: Figure): string {
  const { what, value, spread, unit, atMost } = figure;
  const digits = COUNT_UNITS.some((count) => count === unit) ? 0 : 2;
  const range =
    spread && `(${spread.least.toFixed(digits)} to ${spread.most.toFixed(digits)} of ${spread.rounds})`;
  const bar = atMost === undefined ? '' : `at most ${atMost} ${unit}  ${isMet(figure) ? 'met' : 'MISSED'}`;
  const middle = `${what.padEnd(62)} ${value.toFixed(digits).padStart(10)} ${unit}`;
  return [middle, range, bar].filter(Boolean).join('  ');
}
