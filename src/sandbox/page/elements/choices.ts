import { el } from '../el.ts';
import { type Json, listOf, numberOf, stringOf, wordsOf } from '../reading.ts';
import type { Place } from '../surface.ts';
import { drawInlineText } from '../text/draw.ts';
import { readText } from '../text/text-object.ts';
import { confirmed } from './confirm.ts';
import { chosenAtFirst, type Option, optionsOf } from './options.ts';

/** From this many options on, a list of choices gets a line to narrow it down. */
const FILTER_FROM = 8;
let drawn = 0;

export function drawRadioButtons(element: Json, place: Place): HTMLElement {
  return choicesOf(element, place, optionsOf(element['options']), 'radio');
}

export function drawCheckboxes(element: Json, place: Place): HTMLElement {
  return choicesOf(element, place, optionsOf(element['options']), 'checkbox');
}

/** A multi-select as a list of ticks: all choices are seen, none needs a second press to find. */
export function drawMultiSelect(element: Json, place: Place): HTMLElement {
  const grouped = listOf(element['option_groups']).flatMap((group) => optionsOf(group['options']));
  const options = grouped.length > 0 ? grouped : optionsOf(element['options']);
  const choices = choicesOf(element, place, options, 'checkbox');
  choices.classList.add('choices-scroll');
  if (options.length < FILTER_FROM) return choices;
  const filter = el('input', {
    class: 'field field-filter',
    type: 'search',
    placeholder: wordsOf(element['placeholder']) || 'Narrow down…',
    'aria-label': 'Narrow down the choices',
  });
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const row of choices.querySelectorAll<HTMLElement>('.choice'))
      row.hidden = !(row.textContent ?? '').toLowerCase().includes(wanted);
  });
  return el('div', { class: 'choices-filtered' }, filter, choices);
}

function choicesOf(
  element: Json,
  place: Place,
  options: readonly Option[],
  type: 'radio' | 'checkbox',
): HTMLElement {
  const actionId = stringOf(element['action_id']);
  const chosen = chosenAtFirst(element, place.surface.form.kept(place.blockId, actionId));
  drawn += 1;
  const name = `choices-${drawn}`;
  const inputs = options.map(({ value }) => {
    const input = el('input', { type, name, value, 'data-key': `${place.blockId}/${actionId}/${value}` });
    input.checked = chosen.includes(value);
    return input;
  });
  const rows = options.map((option, index) => drawChoice(option, inputs[index], place));
  const read = (): readonly string[] => inputs.filter(({ checked }) => checked).map(({ value }) => value);
  const group = el(
    'div',
    {
      class: 'choices',
      role: type === 'radio' ? 'radiogroup' : 'group',
      'aria-labelledby': place.labelledBy,
      'aria-describedby': place.describedBy,
      'aria-label': place.labelledBy === undefined ? wordsOf(element['placeholder']) || 'Choices' : undefined,
    },
    ...rows,
  );
  let before = read();
  group.addEventListener('change', async () => {
    if (!place.tellsAtOnce) return;
    if (await confirmed(element, place.surface.names)) {
      before = read();
      await place.surface.press(place.blockId, actionId, before);
    } else {
      for (const input of inputs) input.checked = before.includes(input.value);
    }
  });
  const most = numberOf(element['max_selected_items']);
  place.surface.form.add(place.blockId, actionId, {
    read: () => (type === 'radio' ? (read()[0] ?? null) : read()),
    problem: () => {
      if (place.isRequired && read().length === 0)
        return type === 'radio' ? 'Choose one.' : 'Choose at least one.';
      return most !== undefined && read().length > most ? `Choose at most ${most}.` : undefined;
    },
    focus: () => inputs[0]?.focus(),
  });
  return group;
}

function drawChoice(option: Option, input: HTMLInputElement | undefined, place: Place): HTMLElement {
  const { names } = place.surface;
  return el(
    'label',
    { class: 'choice' },
    input,
    el(
      'span',
      { class: 'choice-words' },
      el('span', {}, ...drawInlineText(readText(option.text), names)),
      option.description !== undefined &&
        el('span', { class: 'choice-note' }, ...drawInlineText(readText(option.description), names)),
    ),
  );
}
