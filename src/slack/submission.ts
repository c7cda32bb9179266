import { z } from 'zod';
import { FORM_CALLBACK_ID } from './action-ids.ts';
import { FIELD_ACTION_ID } from './render/form.ts';
import { readFormContext } from './show-form.ts';
import type { Addressee } from './speech.ts';

/** A window that somebody sent off. */
export type Submission = {
  /** Its name, such as `proposal.deny`. */
  readonly form: string;
  /** What it is about; undefined for a window of another version. */
  readonly value: string | undefined;
  /** Who sent it off, and where it was asked for. */
  readonly from: Addressee;
  /** What was typed and chosen, by the name of the field; what was left empty is missing. */
  readonly fields: ReadonlyMap<string, string>;
  /** The names of the fields beside which something can be said. */
  readonly inputs: readonly string[];
};

const held = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.looseObject({ value: z.string() }).nullish(),
});

const block = z.looseObject({ type: z.string(), block_id: z.string() });

const shape = z.looseObject({
  user: z.looseObject({ id: z.string().min(1) }),
  view: z.looseObject({
    callback_id: z.string().regex(FORM_CALLBACK_ID),
    private_metadata: z.string().catch(''),
    blocks: z.array(z.unknown()).catch([]),
    state: z.looseObject({
      values: z.record(z.string(), z.looseObject({ [FIELD_ACTION_ID]: held.optional() })),
    }),
  }),
});

/**
 * Undefined where it is not told who sent off which window, or where one field can't be read: half a window may mean more than
 * the whole, such as every queue where one was chosen. Never throws.
 */
export function submissionIn(body: unknown): Submission | undefined {
  const told = shape.safeParse(body).data;
  if (told === undefined) return undefined;
  const { user, view } = told;
  const context = readFormContext(view.private_metadata);
  return {
    form: FORM_CALLBACK_ID.exec(view.callback_id)?.[1] ?? '',
    value: context?.value,
    from: { userId: user.id, channelId: context?.channelId, responseUrl: context?.responseUrl },
    fields: fieldsIn(view.state.values),
    inputs: view.blocks.flatMap((each) => {
      const { data } = block.safeParse(each);
      return data?.type === 'input' ? [data.block_id] : [];
    }),
  };
}

function fieldsIn(
  values: Readonly<Record<string, { readonly [FIELD_ACTION_ID]?: z.infer<typeof held> | undefined }>>,
): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, { [FIELD_ACTION_ID]: state }] of Object.entries(values)) {
    const value = state?.value ?? state?.selected_option?.value ?? '';
    if (value !== '') fields.set(name, value);
  }
  return fields;
}
