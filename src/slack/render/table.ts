import type { types } from '@slack/bolt';
import type { Table } from '../../core/reply/reply.ts';
import { cutPlain, type Drawn, LIMITS, sizeOf } from '../limits.ts';
import { escapeForeign, harmless } from './mrkdwn.ts';
import { context, section } from './parts.ts';

/** Long enough for a class name; one error message must not push every other row out. */
const CELL_MAX = 200;
/** A class name stays whole; a sentence is broken into lines. */
const ONE_LINE_MAX = 60;

/**
 * The table with its caption above and what was left out below, in at most `room` characters; undefined when not even one
 * row fits. Right-aligned raw_text is the cell that every client of Slack understands.
 */
export function tableBlocks(table: Table, room: number): readonly Drawn[] | undefined {
  for (let shown = Math.min(table.rows.length, LIMITS.tableRows - 1); ; shown = Math.floor(shown * 0.9)) {
    const blocks = withRows(table, shown);
    if (sizeOf(blocks) <= room && cellsOf(table, shown) <= LIMITS.tableCells) return blocks;
    if (shown === 0) return undefined;
  }
}

function withRows(table: Table, shown: number): readonly Drawn[] {
  const columns = table.columns.slice(0, LIMITS.tableColumns);
  const rows = table.rows.slice(0, shown);
  const block: types.TableBlock = {
    type: 'table',
    rows: [columns.map(({ heading }) => heading), ...rows].map((cells) =>
      columns.map((_, index) => ({ type: 'raw_text', text: cell(cells[index] ?? '') })),
    ),
    column_settings: columns.map(({ align }, index) => ({
      align,
      is_wrapped: rows.some((cells) => (cells[index] ?? '').length > ONE_LINE_MAX),
    })),
  };
  const below = leftOut(table, shown);
  return [
    ...section(`*${escapeForeign(table.caption).replaceAll('*', '')}*`),
    ...(columns.length === 0 ? [] : [block]),
    ...(below === '' ? [] : context(escapeForeign(below))),
  ];
}

/** "and 12 more rows, too many for one message; and 38 more classes" */
export function leftOut(table: Table, shown: number): string {
  const rows = table.rows.length - shown;
  const columns = table.columns.length - LIMITS.tableColumns;
  return [
    ...(rows > 0 ? [`and ${rows} more ${rows === 1 ? 'row' : 'rows'}, too many for one message`] : []),
    ...(columns > 0 ? [`${columns} more ${columns === 1 ? 'column' : 'columns'} did not fit`] : []),
    ...(table.more === undefined || table.more.trim() === '' ? [] : [table.more]),
  ].join('; ');
}

function cellsOf(table: Table, shown: number): number {
  const heading = table.columns.map((column) => column.heading);
  return [heading, ...table.rows.slice(0, shown)]
    .flatMap((cells) => cells.slice(0, LIMITS.tableColumns))
    .reduce((total, words) => total + cell(words).length, 0);
}

/** A cell of no character is refused. */
function cell(words: string): string {
  const shown = harmless(words).replaceAll('\n', ' ').trim();
  return shown === '' ? '–' : cutPlain(shown, CELL_MAX);
}
