import { exact } from '../amounts.ts';
import type { Part } from '../reply/reply.ts';
import { say } from '../reply/text.ts';
import type { Line } from './line.ts';

/** A heading with its lines, and how many there are beyond those that are shown; nothing when there are none. */
export function listed(heading: string, lines: readonly Line[], shown: number): readonly Part[] {
  if (lines.length === 0) return [];
  const left = lines.length - shown;
  const more: Line[] = left > 0 ? [{ tone: 'neutral', text: say`And ${exact(left)} more.` }] : [];
  return [
    { type: 'heading', text: heading },
    { type: 'list', items: [...lines.slice(0, shown), ...more] },
  ];
}
