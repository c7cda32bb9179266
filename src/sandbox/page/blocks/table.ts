import type { Block } from '../api.ts';
import { type Child, el } from '../el.ts';
import { type Json, listOf, recordOf, wordsOf } from '../reading.ts';
import type { Surface } from '../surface.ts';
import { drawInlineText, type Names } from '../text/draw.ts';
import { readRichText } from '../text/rich-text.ts';
import { readText } from '../text/text-object.ts';

/** Rows and columns in a box of their own: a wide table scrolls, the page does not. The first row is the heading. */
export function drawTable(block: Block, { names }: Surface): HTMLElement {
  const [head = [], ...body] = rowsOf(block['rows']);
  const settings = listOf(block['column_settings']);
  const classes = (column: number): string | undefined => columnClass(settings[column]);
  return tableBox(
    'Table',
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        ...head.map((cell, column) =>
          el('th', { scope: 'col', class: classes(column) }, ...drawCell(cell, names)),
        ),
      ),
    ),
    el(
      'tbody',
      {},
      ...body.map((row) =>
        el(
          'tr',
          {},
          ...row.map((cell, column) => el('td', { class: classes(column) }, ...drawCell(cell, names))),
        ),
      ),
    ),
  );
}

export function tableBox(label: string, ...children: readonly Child[]): HTMLElement {
  return el(
    'div',
    { class: 'table-box', tabindex: '0', role: 'region', 'aria-label': label },
    el('table', {}, ...children),
  );
}

export function rowsOf(rows: unknown): readonly (readonly Json[])[] {
  return Array.isArray(rows) ? rows.map(listOf) : [];
}

export function drawCell(cell: Json, names: Names): readonly Child[] {
  const text =
    cell['type'] === 'rich_text'
      ? readRichText(cell)
      : readText({ type: 'plain_text', text: wordsOf(cell['text']), emoji: true });
  return drawInlineText(text, names).flatMap((child) =>
    typeof child === 'string' ? breakable(child) : [child],
  );
}

/** A long name breaks between its parts, `Recurring::` `DisasterJob`, and nowhere else. */
function breakable(words: string): readonly Child[] {
  return words.split(/(?<=::|_)/).flatMap((part, nth) => (nth === 0 ? [part] : [el('wbr'), part]));
}

function columnClass(settings: Json | undefined): string | undefined {
  const { align, is_wrapped: isWrapped } = recordOf(settings) as { align?: unknown; is_wrapped?: unknown };
  const classes = [
    align === 'right' || align === 'center' ? `align-${align}` : '',
    isWrapped === true ? 'is-wrapped' : '',
  ].filter((name) => name !== '');
  return classes.length === 0 ? undefined : classes.join(' ');
}
