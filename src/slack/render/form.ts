import type { types } from '@slack/bolt';
import type { Field, Form } from '../../core/reply/form.ts';
import type { Refusal } from '../../core/reply/reply.ts';
import { formCallbackId } from '../action-ids.ts';
import { cutPlain, LIMITS } from '../limits.ts';
import { harmless, mrkdwn } from './mrkdwn.ts';
import { section } from './parts.ts';
import { renderReply } from './reply.ts';

/** The one element of each input; the input's block_id is the name of its field. */
export const FIELD_ACTION_ID = 'value';

/** A form as a window; `context` comes back with its submission. */
export function renderForm(form: Form, context: string): types.ModalView {
  return {
    type: 'modal',
    callback_id: formCallbackId(form.form),
    private_metadata: context,
    title: label(form.title, LIMITS.viewTitle),
    submit: label(form.submit, LIMITS.viewTitle),
    close: label('Go back', LIMITS.viewTitle),
    blocks: [
      ...form.words.flatMap((text) => section(mrkdwn(text, LIMITS.section))),
      ...form.fields.map(input),
    ],
  };
}

/** A window that only says something. */
export function renderNotice(title: string, refusal: Refusal): types.ModalView {
  return {
    type: 'modal',
    title: label(title, LIMITS.viewTitle),
    close: label('Close', LIMITS.viewTitle),
    blocks: [...renderReply({ ...refusal, buttons: [] }, { hasCharts: false }).blocks],
  };
}

function input(field: Field): types.InputBlock {
  const { name, hint, isOptional = false } = field;
  return {
    type: 'input',
    block_id: name,
    optional: isOptional,
    label: label(field.label, LIMITS.inputLabel),
    ...(hint === undefined ? {} : { hint: label(hint, LIMITS.inputLabel) }),
    element: element(field),
  };
}

function element({ input }: Field): types.InputBlock['element'] {
  switch (input.type) {
    case 'text':
      return {
        type: 'plain_text_input',
        action_id: FIELD_ACTION_ID,
        multiline: input.isLong,
        max_length: Math.min(input.maxLength, LIMITS.typed),
      };
    case 'choice':
      return {
        type: 'static_select',
        action_id: FIELD_ACTION_ID,
        options: input.choices
          // A value that was cut would choose something else.
          .filter(({ value }) => value !== '' && value.length <= LIMITS.optionValue)
          .slice(0, LIMITS.options)
          .map((choice) => ({ text: label(choice.label, LIMITS.optionText), value: choice.value })),
      };
    default:
      return input satisfies never;
  }
}

function label(words: string, max: number): types.PlainTextElement {
  const shown = harmless(words).replaceAll('\n', ' ').trim();
  return { type: 'plain_text', text: shown === '' ? '…' : cutPlain(shown, max), emoji: false };
}
