import { elementsOf, withinContainers } from './elements.ts';
import { type Fields, fieldsIn, isFields } from './fields.ts';
import type { Values } from './page/api.ts';

/** What stands in an element, as `state.values` and `actions` of a payload show it. */

type Chosen = string | readonly string[] | null | undefined;
export type ElementState = Fields & { readonly type: string };

/** Elements that hold one plain value, the field it is told in and the one it starts from. */
const ONE: Readonly<Record<string, readonly [field: string, initial: string]>> = {
  plain_text_input: ['value', 'initial_value'],
  number_input: ['value', 'initial_value'],
  email_text_input: ['value', 'initial_value'],
  url_text_input: ['value', 'initial_value'],
  users_select: ['selected_user', 'initial_user'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  channels_select: ['selected_channel', 'initial_channel'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
};
const SEVERAL: Readonly<Record<string, readonly [field: string, initial: string]>> = {
  multi_users_select: ['selected_users', 'initial_users'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
};
const ONE_OPTION = new Set(['static_select', 'external_select', 'radio_buttons', 'overflow']);
const SEVERAL_OPTIONS = new Set(['multi_static_select', 'multi_external_select', 'checkboxes']);

/** The page chose something that the element does not offer. */
export class NotOffered extends Error {}

/** `undefined` for an element that holds nothing, such as a button. */
export function stateOf(element: Fields, chosen: Chosen): ElementState | undefined {
  const type = String(element['type']);
  const one = ONE[type];
  if (one !== undefined) {
    const [field, initial] = one;
    const value = chosen === undefined ? (element[initial] ?? null) : firstOf(chosen);
    return { type, [field]: type === 'datetimepicker' && value !== null ? Number(value) : value };
  }
  const several = SEVERAL[type];
  if (several !== undefined) {
    const [field, initial] = several;
    return { type, [field]: chosen === undefined ? (element[initial] ?? []) : listOf(chosen) };
  }
  if (ONE_OPTION.has(type)) {
    const value = chosen === undefined ? undefined : firstOf(chosen);
    const initial = chosen === undefined ? (element['initial_option'] ?? null) : null;
    return {
      type,
      selected_option: value === undefined || value === null ? initial : optionOf(element, value),
    };
  }
  if (SEVERAL_OPTIONS.has(type)) {
    const options =
      chosen === undefined
        ? (element['initial_options'] ?? [])
        : listOf(chosen).map((value) => optionOf(element, value));
    return { type, selected_options: options };
  }
  if (type === 'rich_text_input') return { type, rich_text_value: richTextOf(element, chosen) };
  return undefined;
}

/** block_id -> action_id -> state, for every element that holds something. */
export function stateValues(blocks: readonly Fields[], values: Values): Readonly<Record<string, Fields>> {
  const state: Record<string, Fields> = {};
  for (const block of withinContainers(blocks)) {
    const blockId = String(block['block_id']);
    const entries = elementsOf(block).flatMap((element) => {
      const actionId = String(element['action_id']);
      const held = element['type'] === 'overflow' ? undefined : stateOf(element, values[blockId]?.[actionId]);
      return held === undefined ? [] : [[actionId, held] as const];
    });
    if (entries.length > 0) state[blockId] = Object.fromEntries(entries);
  }
  return state;
}

/** Nothing stands in it. */
export function isEmpty(state: Fields): boolean {
  return Object.entries(state).every(
    ([field, value]) =>
      field === 'type' || value === null || value === '' || (Array.isArray(value) && value.length === 0),
  );
}

function optionOf(element: Fields, value: string): Fields {
  const type = String(element['type']);
  if (type === 'external_select' || type === 'multi_external_select') {
    return { text: { type: 'plain_text', text: value }, value };
  }
  const groups = fieldsIn(element['option_groups']).flatMap((group) => fieldsIn(group['options']));
  const option = [...fieldsIn(element['options']), ...groups].find((one) => one['value'] === value);
  if (option === undefined) throw new NotOffered(`"${value}" is not among the options.`);
  return option;
}

function richTextOf(element: Fields, chosen: Chosen): unknown {
  if (chosen === undefined) return isFields(element['initial_value']) ? element['initial_value'] : null;
  const text = firstOf(chosen);
  if (text === null || text === '') return null;
  const line = { type: 'rich_text_section', elements: [{ type: 'text', text }] };
  return { type: 'rich_text', elements: [line] };
}

function firstOf(chosen: string | readonly string[] | null): string | null {
  return typeof chosen === 'string' || chosen === null ? chosen : (chosen[0] ?? null);
}

function listOf(chosen: string | readonly string[] | null): readonly string[] {
  if (chosen === null) return [];
  return typeof chosen === 'string' ? [chosen] : chosen;
}
