import { z } from 'zod';
import { type Fields, fieldsIn } from '../fields.ts';
import type { Block } from '../page/api.ts';
import { pointAt, type Refusal } from '../refusal.ts';
import { messageBlock } from './blocks.ts';
import { duplicatesIn } from './duplicates.ts';
import { faultsOf } from './faults-of.ts';

/** The limits of one message as a whole (reference/slack.md, section 8). */
const BLOCKS_MAX = 50;
const MARKDOWN_CHARS_MAX = 12_000;
const CHARTS_MAX = 2;
const TABLES_MAX = 1;
/** Undocumented; found by bolt-js issue 2509, where containers around the text count too. */
const SIZE_MAX = 13_200;
/** These have ceilings of their own above that one, so they cannot be part of the same sum. */
const MEASURED_APART = new Set(['table', 'data_table', 'data_visualization']);

const messageBlocks = z.array(messageBlock).max(BLOCKS_MAX);

export type CheckedBlocks =
  | { readonly ok: true; readonly blocks: readonly Block[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Takes the blocks of a message as Slack would, or says why not. Nothing given is an empty list. */
export function checkMessageBlocks(given: unknown): CheckedBlocks {
  if (given === undefined || given === null) return { ok: true, blocks: [] };
  if (!Array.isArray(given)) return { ok: false, refusal: { error: 'invalid_blocks_format' } };
  const faults = [...faultsOf(messageBlocks, given, ['blocks']), ...faultsOfWhole(given)];
  if (faults.length > 0) return { ok: false, refusal: { error: 'invalid_blocks', messages: faults } };
  const measured = given.filter((block) => !MEASURED_APART.has(block.type));
  if (JSON.stringify(measured).length > SIZE_MAX) {
    return { ok: false, refusal: { error: 'msg_blocks_too_long' } };
  }
  return { ok: true, blocks: given };
}

function faultsOfWhole(given: readonly unknown[]): readonly string[] {
  const blocks = fieldsIn(given);
  const nested = blocks.flatMap((block) => fieldsIn(block['child_blocks']));
  const ofType = (type: string) => [...blocks, ...nested].filter((block) => block['type'] === type);
  const faults: string[] = [...duplicatesIn(blocks, ['blocks'])];
  if (ofType('table').length > TABLES_MAX) faults.push(pointAt(['blocks'], 'only_one_table_allowed'));
  if (ofType('data_visualization').length > CHARTS_MAX) {
    faults.push(pointAt(['blocks'], `no more than ${CHARTS_MAX} data_visualization blocks allowed`));
  }
  const written = ofType('markdown').reduce((sum, block) => sum + charsOf(block), 0);
  if (written > MARKDOWN_CHARS_MAX) {
    const sentence = `markdown blocks must be less than ${MARKDOWN_CHARS_MAX + 1} characters together`;
    faults.push(pointAt(['blocks'], sentence));
  }
  return faults;
}

function charsOf(block: Fields): number {
  return typeof block['text'] === 'string' ? [...block['text']].length : 0;
}
