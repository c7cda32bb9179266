import { z } from 'zod';
import { type Fields, fieldsIn, isFields } from '../fields.ts';
import { richText } from './rich-text.ts';
import { chars, id } from './text.ts';

const COLUMNS_MAX = 20;
const TABLE_ROWS_MAX = 100;
const TABLE_CHARS_MAX = 10_000;
/** A heading row and 100 more. */
const DATA_TABLE_ROWS_MAX = 101;
const DATA_TABLE_CHARS_MAX = 20_000;

const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: chars(TABLE_CHARS_MAX) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string() }),
  richText,
]);
const row = z.array(cell).min(1).max(COLUMNS_MAX);

const column = z.strictObject({
  align: z.enum(['left', 'center', 'right']).optional(),
  is_wrapped: z.boolean().optional(),
});

export const table = z
  .strictObject({
    type: z.literal('table'),
    block_id: id.optional(),
    rows: z.array(row).min(1).max(TABLE_ROWS_MAX),
    column_settings: z.array(column.nullable()).max(COLUMNS_MAX).optional(),
  })
  .superRefine(limitCells(TABLE_CHARS_MAX));

export const dataTable = z
  .strictObject({
    type: z.literal('data_table'),
    block_id: id.optional(),
    caption: chars(3_000),
    rows: z.array(row).min(2).max(DATA_TABLE_ROWS_MAX),
    page_size: z.number().int().min(1).max(100).optional(),
    row_header_column_index: z.number().int().min(0).optional(),
  })
  .superRefine(limitCells(DATA_TABLE_CHARS_MAX));

function limitCells(max: number) {
  return (block: { readonly rows: readonly (readonly unknown[])[] }, context: z.core.$RefinementCtx) => {
    const total = block.rows.flat().reduce<number>((sum, one) => sum + charsIn(one), 0);
    if (total > max) {
      context.addIssue({
        code: 'custom',
        path: ['rows'],
        message: `must be less than ${max + 1} characters in all cells`,
      });
    }
    if (new Set(block.rows.map((cells) => cells.length)).size > 1) {
      context.addIssue({ code: 'custom', path: ['rows'], message: 'every row must have as many cells' });
    }
  };
}

/** The characters that a reader sees in a cell, however deep rich text puts them. */
function charsIn(value: unknown): number {
  if (!isFields(value)) return 0;
  const own = typeof value['text'] === 'string' ? [...value['text']].length : 0;
  return own + fieldsIn(value['elements']).reduce((sum: number, part: Fields) => sum + charsIn(part), 0);
}
