import { z } from 'zod';
import { fieldsIn, isFields } from '../fields.ts';
import { pointAt, type Refusal } from '../refusal.ts';
import { homeBlock, modalBlock } from './blocks.ts';
import { duplicatesIn } from './duplicates.ts';
import { faultsOf } from './faults-of.ts';
import { chars, plainText } from './text.ts';

/** The limits of modals and of the Home tab (reference/slack.md, section 8). */
const BLOCKS_MAX = 100;
const SIZE_MAX_BYTES = 250_000;

const common = {
  callback_id: chars(255, 0).optional(),
  private_metadata: chars(3_000, 0).optional(),
  external_id: chars(255, 0).optional(),
};

const modal = z.strictObject({
  type: z.literal('modal'),
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
  ...common,
  blocks: z.array(modalBlock).min(1).max(BLOCKS_MAX),
});

const home = z.strictObject({
  type: z.literal('home'),
  ...common,
  blocks: z.array(homeBlock).max(BLOCKS_MAX),
});

const SCHEMAS = { modal, home } as const;

export type CheckedView =
  | { readonly ok: true; readonly view: ViewBody }
  | { readonly ok: false; readonly refusal: Refusal };
export type ViewBody = z.infer<typeof modal> | z.infer<typeof home>;

/** Takes a view as Slack would, or says why not. */
export function checkView(given: unknown, type: 'modal' | 'home'): CheckedView {
  if (!isFields(given)) {
    return invalid([pointAt(['view'], 'must be a valid JSON object')]);
  }
  if (Buffer.byteLength(JSON.stringify(given)) > SIZE_MAX_BYTES) {
    return { ok: false, refusal: { error: 'view_too_large' } };
  }
  const blocks = fieldsIn(given['blocks']);
  const faults = [...faultsOf(SCHEMAS[type], given, ['view']), ...duplicatesIn(blocks, ['view', 'blocks'])];
  const asks = blocks.some((block) => block['type'] === 'input');
  if (type === 'modal' && asks && given['submit'] === undefined) {
    faults.push(pointAt(['view'], 'missing required field: submit'));
  }
  // The schema has just approved this very value; parsing again would only copy it.
  return faults.length > 0 ? invalid(faults) : { ok: true, view: given as ViewBody };
}

function invalid(messages: readonly string[]): CheckedView {
  return { ok: false, refusal: { error: 'invalid_arguments', messages } };
}
