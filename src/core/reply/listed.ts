import type { Line } from './line.ts';
import type { Part } from './reply.ts';

/** A heading with its lines, and how many there are beyond those that are shown; nothing when there are none. */
export function listed(heading: string, lines: readonly Line[], shown: number): readonly Part[] {
  if (lines.length === 0) return [];
  return [
    { type: 'heading', text: heading },
    { type: 'list', items: lines.slice(0, shown), left: Math.max(0, lines.length - shown) },
  ];
}
