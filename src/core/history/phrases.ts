import { exact, short } from '../amounts.ts';
import { NOTHING } from '../reply/reply.ts';
import type { Usual } from './usual.ts';

/** "usually 40 at this hour"; where it was learned from other days, that is said. */
export function usuallyPhrase(usual: Usual, show: (value: number) => string = usualCount): string {
  return `usually ${show(usual.median)} at this hour${otherDays(usual)}`;
}

/** In a table, beside what waits now. */
export function usualCell(usual: Usual | undefined): string {
  return usual === undefined ? NOTHING : short(Math.round(usual.median));
}

/** For JSON, docs/json.md. */
export function usualJson(usual: Usual | undefined) {
  if (usual === undefined) return null;
  const { median, low, high, samples, days, basis } = usual;
  return { median, low, high, samples, days, basis };
}

function otherDays({ basis }: Usual): string {
  switch (basis) {
    case 'same weekday':
      return '';
    case 'workdays':
      return ' on workdays';
    case 'days off':
      return ' on days off';
    case 'other days':
      return ' on other days';
    default:
      return basis satisfies never;
  }
}

/** Nobody counts the jobs of an average: two digits say it. "none" below a half. */
export function usualCount(median: number): string {
  return median < 0.5 ? 'none' : roundly(median);
}

function roundly(value: number): string {
  const rounded = value < 100 ? Math.round(value) : Number(value.toPrecision(2));
  return exact(rounded);
}
