import { z } from 'zod';
import { confirm, imageElement, overflowOption, richOption, style } from './composition.ts';
import { SELECTS } from './selects.ts';
import { chars, id, plainText, url } from './text.ts';

/** The elements of Block Kit, and which block may hold which (reference/slack.md, sections 8 and 9). */

const TYPED_MAX = 3_000;
const acting = { action_id: id.optional(), confirm: confirm.optional() };
const focusable = { focus_on_load: z.boolean().optional() };
const placeholder = { placeholder: plainText(150).optional() };

export const button = z.strictObject({
  type: z.literal('button'),
  ...acting,
  text: plainText(75),
  value: chars(2_000, 0).optional(),
  url: url.optional(),
  style: style.optional(),
  accessibility_label: chars(75).optional(),
});

const workflowButton = z.strictObject({
  type: z.literal('workflow_button'),
  ...acting,
  text: plainText(75),
  workflow: z.looseObject({ trigger: z.looseObject({ url }) }),
  style: style.optional(),
  accessibility_label: chars(75).optional(),
});

const overflow = z.strictObject({
  type: z.literal('overflow'),
  ...acting,
  options: z.array(overflowOption).min(1).max(5),
});

const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...acting,
  ...focusable,
  options: z.array(richOption).min(1).max(10),
  initial_options: z.array(richOption).optional(),
});

const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...acting,
  ...focusable,
  options: z.array(richOption).min(1).max(10),
  initial_option: richOption.optional(),
});

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{2}:\d{2}$/;

const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  ...acting,
  ...focusable,
  ...placeholder,
  initial_date: z.string().regex(DATE).optional(),
});

const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  ...acting,
  ...focusable,
  ...placeholder,
  initial_time: z.string().regex(TIME).optional(),
  timezone: z.string().optional(),
});

const datetimepicker = z.strictObject({
  type: z.literal('datetimepicker'),
  ...acting,
  ...focusable,
  initial_date_time: z.number().int().optional(),
});

const typed = {
  action_id: id.optional(),
  ...focusable,
  ...placeholder,
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).optional(),
    })
    .optional(),
};

const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  ...typed,
  multiline: z.boolean().optional(),
  initial_value: chars(TYPED_MAX, 0).optional(),
  min_length: z.number().int().min(0).max(TYPED_MAX).optional(),
  max_length: z.number().int().min(1).max(TYPED_MAX).optional(),
});

const numberInput = z.strictObject({
  type: z.literal('number_input'),
  ...typed,
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});

const emailInput = z.strictObject({
  type: z.literal('email_text_input'),
  ...typed,
  initial_value: z.string().optional(),
});

const urlInput = z.strictObject({
  type: z.literal('url_text_input'),
  ...typed,
  initial_value: z.string().optional(),
});

const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  ...typed,
  initial_value: z.looseObject({ type: z.literal('rich_text') }).optional(),
  min_lines: z.number().int().min(1).max(100).optional(),
  max_lines: z.number().int().min(1).max(100).optional(),
});

const fileInput = z.strictObject({
  type: z.literal('file_input'),
  action_id: id.optional(),
  filetypes: z.array(z.string()).optional(),
  max_files: z.number().int().min(1).max(10).optional(),
});

const CHOOSING = [checkboxes, radioButtons, datepicker, timepicker, ...SELECTS] as const;
const PRESSABLE = [button, workflowButton, overflow] as const;

export const actionsElement = z.discriminatedUnion('type', [
  ...PRESSABLE,
  ...CHOOSING,
  datetimepicker,
  richTextInput,
]);

export const sectionAccessory = z.discriminatedUnion('type', [...PRESSABLE, ...CHOOSING, imageElement]);

export const inputElement = z.discriminatedUnion('type', [
  ...CHOOSING,
  datetimepicker,
  plainTextInput,
  numberInput,
  emailInput,
  urlInput,
  richTextInput,
  fileInput,
]);
