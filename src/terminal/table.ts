import type { Table } from '../core/reply/reply.ts';
import { cleaned } from './clean.ts';
import { cutMiddle, padEnd, padStart, widthOf } from './columns.ts';

const GAP = '  ';

/** Below this a column of words says nothing any more. */
const NARROWEST = 8;

/** A name cut shorter than this is not recognised at night; rather it gets a line of its own. */
const NAME_WIDTH = 24;

type TableLines = { readonly heading: string; readonly rows: readonly string[] };

/**
 * The heading and the rows as lines. Where they are too wide, columns of words shrink, the widest first, and when that
 * would hide the names, each name goes on a line above its figures. Numbers are never cut: in the end lines run over.
 */
export function tableLines(table: Table, width: number): TableLines {
  const cells = [
    table.columns.map(({ heading }) => cleaned(heading)),
    ...table.rows.map((row) => table.columns.map((_, index) => cleaned(row[index] ?? ''))),
  ];
  const aligns = table.columns.map(({ align }) => align);
  const natural = naturalWidths(cells);
  const widths = shrunk(aligns, natural, width);
  const isNameHidden = (widths[0] ?? 0) < Math.min(natural[0] ?? 0, NAME_WIDTH);
  const lines =
    isNameHidden && aligns.length > 1 ? stacked(cells, aligns, width) : flat(cells, aligns, widths);
  const [heading, ...rows] = lines;
  return { heading: heading ?? '', rows };
}

function flat(
  cells: readonly (readonly string[])[],
  aligns: readonly string[],
  widths: readonly number[],
): readonly string[] {
  return cells.map((row) =>
    row
      .map((cell, index) => {
        const own = widths[index] ?? 0;
        const cut = cutMiddle(cell, own);
        return aligns[index] === 'right' ? padStart(cut, own) : padEnd(cut, own);
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** The heading of the names is left out: they are seen to be names. */
function stacked(
  cells: readonly (readonly string[])[],
  aligns: readonly string[],
  width: number,
): readonly string[] {
  const figures = cells.map((row) => row.slice(1));
  const ownAligns = aligns.slice(1);
  const widths = shrunk(ownAligns, naturalWidths(figures), width - GAP.length);
  const [heading, ...lines] = flat(figures, ownAligns, widths).map((line) => `${GAP}${line}`);
  const rows = lines.flatMap((line, index) => [cutMiddle(cells[index + 1]?.[0] ?? '', width), line]);
  return [heading ?? '', ...rows];
}

function naturalWidths(cells: readonly (readonly string[])[]): readonly number[] {
  const [heading = []] = cells;
  return heading.map((_, index) =>
    cells.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), 0),
  );
}

function shrunk(aligns: readonly string[], natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, own) => sum + own, 0) + GAP.length * (widths.length - 1) - width;
  while (excess > 0) {
    const widest = widths.reduce((best, own, index) => {
      return aligns[index] === 'left' && own > (widths[best] ?? NARROWEST) ? index : best;
    }, -1);
    const own = widths[widest];
    if (own === undefined) break;
    widths[widest] = own - 1;
    excess -= 1;
  }
  return widths;
}
