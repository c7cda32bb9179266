import type { Table } from '../core/reply/reply.ts';
import { cleaned } from './clean.ts';
import { cutMiddle, padEnd, padStart, widthOf } from './columns.ts';

const GAP = '  ';

/** Below this a column of words says nothing any more. */
const NARROWEST = 8;

/**
 * The heading and the rows as lines. Where it is too wide, columns of words shrink, the widest first; numbers are never
 * cut, so where words can shrink no more the lines run over.
 */
export function tableLines(table: Table, width: number): { readonly heading: string; readonly rows: string[] } {
  const headings = table.columns.map(({ heading }) => cleaned(heading));
  const rows = table.rows.map((row) => table.columns.map((_, index) => cleaned(row[index] ?? '')));
  const natural = headings.map((heading, index) =>
    [heading, ...rows.map((row) => row[index] ?? '')].reduce((widest, cell) => Math.max(widest, widthOf(cell)), 0),
  );
  const widths = shrunk(table, natural, width);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const own = widths[index] ?? 0;
        const cut = cutMiddle(cell, own);
        return table.columns[index]?.align === 'right' ? padStart(cut, own) : padEnd(cut, own);
      })
      .join(GAP)
      .trimEnd();
  return { heading: line(headings), rows: rows.map(line) };
}

function shrunk(table: Table, natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  const room = width - GAP.length * (widths.length - 1);
  let excess = widths.reduce((sum, own) => sum + own, 0) - room;
  while (excess > 0) {
    const widest = table.columns.reduce((best, { align }, index) => {
      const isBetter = align === 'left' && (widths[index] ?? 0) > (widths[best] ?? NARROWEST);
      return isBetter ? index : best;
    }, -1);
    const own = widths[widest];
    if (own === undefined) break;
    widths[widest] = own - 1;
    excess -= 1;
  }
  return widths;
}
