import type { Block } from '../api.ts';
import { el, replace } from '../el.ts';
import { type Json, numberOf, stringOf, wordsOf } from '../reading.ts';
import type { Surface } from '../surface.ts';
import { spokenOf } from '../text/prose.ts';
import { readRichText } from '../text/rich-text.ts';
import { drawCell, rowsOf, tableBox } from './table.ts';

type Order = { readonly column: number; readonly isRising: boolean };

/** A long list: pressing a heading sorts by it, a few rows show at a time. */
export function drawDataTable(block: Block, { names }: Surface): HTMLElement {
  const [head = [], ...body] = rowsOf(block['rows']);
  const caption = stringOf(block['caption']);
  const pageSize = Math.max(1, numberOf(block['page_size']) ?? 5);
  const pages = Math.max(1, Math.ceil(body.length / pageSize));
  const root = el('div', { class: 'data-table' });
  let order: Order | undefined;
  let page = 0;

  const draw = (): void => {
    const shown = sorted(body, order).slice(page * pageSize, (page + 1) * pageSize);
    replace(
      root,
      tableBox(
        caption,
        el('caption', {}, caption),
        el('thead', {}, el('tr', {}, ...head.map(drawHeading))),
        el(
          'tbody',
          {},
          ...shown.map((row) =>
            el(
              'tr',
              {},
              ...row.map((cell) =>
                el('td', { class: isNumber(cell) ? 'align-right' : undefined }, ...drawCell(cell, names)),
              ),
            ),
          ),
        ),
      ),
      pages > 1 && drawPager(),
    );
  };
  const drawHeading = (cell: Json, column: number): HTMLElement => {
    const isSorted = order?.column === column;
    const press = (): void => {
      order = { column, isRising: isSorted ? !order?.isRising : !isNumber(body[0]?.[column] ?? {}) };
      page = 0;
      draw();
    };
    return el(
      'th',
      {
        scope: 'col',
        class: isNumber(body[0]?.[column] ?? {}) ? 'align-right' : undefined,
        'aria-sort': isSorted ? (order?.isRising === true ? 'ascending' : 'descending') : 'none',
      },
      el(
        'button',
        { type: 'button', class: 'sorter', 'data-key': `sort-${column}`, click: press },
        ...drawCell(cell, names),
      ),
    );
  };
  const drawPager = (): HTMLElement => {
    const turn = (to: number, words: string): HTMLElement =>
      el(
        'button',
        {
          type: 'button',
          class: 'button button-small',
          'data-key': words,
          disabled: to < 0 || to >= pages,
          click: () => {
            page = to;
            draw();
          },
        },
        words,
      );
    return el(
      'div',
      { class: 'pager' },
      turn(page - 1, 'Back'),
      el('span', {}, `${page + 1} of ${pages}`),
      turn(page + 1, 'Next'),
    );
  };
  draw();
  return root;
}

const isNumber = (cell: Json): boolean => cell['type'] === 'raw_number';

function sorted(rows: readonly (readonly Json[])[], order: Order | undefined): readonly (readonly Json[])[] {
  if (order === undefined) return rows;
  const sign = order.isRising ? 1 : -1;
  return rows.toSorted((one, other) => sign * compare(one[order.column] ?? {}, other[order.column] ?? {}));
}

function compare(one: Json, other: Json): number {
  if (isNumber(one) && isNumber(other))
    return (numberOf(one['value']) ?? 0) - (numberOf(other['value']) ?? 0);
  return wordsOfCell(one).localeCompare(wordsOfCell(other), undefined, { numeric: true });
}

function wordsOfCell(cell: Json): string {
  return cell['type'] === 'rich_text' ? spokenOf(readRichText(cell)) : wordsOf(cell['text']);
}
