import type { Figure } from './figure.ts';
import type { Usual } from './usual.ts';

/** Whatever is usual, up to here nobody is to be woken: a hundred jobs are done before anybody has looked. */
const FLOORS: Readonly<Record<Figure['kind'], number>> = {
  waiting: 100,
  'queue size': 100,
  'queue latency': 60_000,
  'retry set': 100,
  'scheduled set': 1000,
  'dead set': 100,
  processed: 100,
  failed: 10,
  'failure share': 0.05,
  busy: 10,
  'busy class': 10,
  memory: 64 * 1024 ** 2,
  crashes: 0.2,
};

/** Half as much again as it nearly always was is still within what a few weeks can teach. */
const SLACK = 1.5;

/** So far above the floor a figure is worth missing; so far below what it nearly always was, it stayed away. */
const WELL_ABOVE = 2;
const FAR_BELOW = 4;
/** What is now and then half of it, or none, is no habit. */
const STEADY = 2;

/** Up to where a figure is not unusual: beyond its range by half, and by as much as the range is wide above its middle. */
export function usualLimit(figure: Figure, { median, high }: Pick<Usual, 'median' | 'high'>): number {
  return Math.max(FLOORS[figure.kind], high * SLACK, high + (high - median));
}

/** Below where a figure is far too little. Undefined where it is too small, or too unsteady, to be missed. */
export function usualLeast(
  figure: Figure,
  { median, low }: Pick<Usual, 'median' | 'low'>,
): number | undefined {
  const isHabit = low >= WELL_ABOVE * FLOORS[figure.kind] && low * STEADY >= median;
  return isHabit ? low / FAR_BELOW : undefined;
}

/** Far above what it usually is at this hour. False where that is not known. */
export function isUnusual(figure: Figure, value: number, usual: Usual | undefined): boolean {
  return usual !== undefined && value > usualLimit(figure, usual);
}
