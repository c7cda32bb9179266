import type { Value } from '../form.ts';
import { type Json, listOf, recordOf, stringOf } from '../reading.ts';

export type Option = { readonly value: string; readonly text: unknown; readonly description: unknown };

export function optionsOf(value: unknown): readonly Option[] {
  return listOf(value).map((option) => ({
    value: stringOf(option['value']),
    text: option['text'],
    description: option['description'],
  }));
}

/** What is chosen when the element first appears: what stood there before, else what the bot proposed. */
export function chosenAtFirst(element: Json, kept: Value | undefined): readonly string[] {
  if (kept !== undefined) return kept === null ? [] : typeof kept === 'string' ? [kept] : kept;
  const one = stringOf(recordOf(element['initial_option'])['value']);
  if (one !== '') return [one];
  return listOf(element['initial_options']).map((option) => stringOf(option['value']));
}
