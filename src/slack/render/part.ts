import type { Part } from '../../core/reply/reply.ts';
import { type Drawn, LIMITS } from '../limits.ts';
import { chartBlock, chartInWords } from './chart.ts';
import { facts, heading, list, note, paragraph } from './parts.ts';
import { tableBlocks } from './table.ts';

/** One part after those before it, in at most `room` characters where it can shrink; undefined when it does not fit. */
export function drawPart(
  part: Part,
  before: readonly Drawn[],
  room: number,
  { hasCharts }: { readonly hasCharts: boolean },
): readonly Drawn[] | undefined {
  const drawnOf = (type: Drawn['type']) => before.filter((block) => block.type === type).length;
  switch (part.type) {
    case 'paragraph':
      return paragraph(part);
    case 'heading':
      return heading(part);
    case 'list':
      return list(part);
    case 'facts':
      return facts(part);
    case 'note':
      return note(part);
    case 'table':
      return drawnOf('table') < LIMITS.tables ? tableBlocks(part.table, room) : undefined;
    case 'chart': {
      const block =
        hasCharts && drawnOf('data_visualization') < LIMITS.charts ? chartBlock(part.chart) : undefined;
      return block === undefined ? chartInWords(part.chart) : [block];
    }
    default:
      return part satisfies never;
  }
}
