import { el } from '../el.ts';
import { type Json, numberOf, recordOf, stringOf, wordsOf } from '../reading.ts';
import type { Place } from '../surface.ts';

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** The inputs one types into. All of them keep their text as a string; an empty one is null, as Slack sends it. */
export function drawPlainTextInput(element: Json, place: Place): HTMLElement {
  const least = numberOf(element['min_length']);
  const most = numberOf(element['max_length']);
  const isLong = element['multiline'] === true;
  const attributes = { ...namesOf(element, place), maxlength: most };
  const input = isLong
    ? el('textarea', { ...attributes, rows: 4 })
    : el('input', { ...attributes, type: 'text', autocomplete: 'off' });
  return register(input, element, place, stringOf(element['initial_value']), (text) =>
    least !== undefined && text.length < least ? `Write at least ${least} characters.` : undefined,
  );
}

export function drawNumberInput(element: Json, place: Place): HTMLElement {
  const isDecimal = element['is_decimal_allowed'] === true;
  const least = stringOf(element['min_value']);
  const most = stringOf(element['max_value']);
  const input = el('input', {
    ...namesOf(element, place),
    type: 'text',
    inputmode: isDecimal ? 'decimal' : 'numeric',
    autocomplete: 'off',
  });
  return register(input, element, place, stringOf(element['initial_value']), (text) => {
    const value = Number(text);
    if (!Number.isFinite(value)) return 'Write a number.';
    if (!isDecimal && !Number.isInteger(value)) return 'Write a whole number.';
    if (least !== '' && value < Number(least)) return `Write ${least} or more.`;
    if (most !== '' && value > Number(most)) return `Write ${most} or less.`;
    return undefined;
  });
}

export function drawDatePicker(element: Json, place: Place): HTMLElement {
  const input = el('input', { ...namesOf(element, place), type: 'date' });
  return register(input, element, place, stringOf(element['initial_date']), () => undefined);
}

export function drawTimePicker(element: Json, place: Place): HTMLElement {
  const input = el('input', { ...namesOf(element, place), type: 'time' });
  return register(input, element, place, stringOf(element['initial_time']), () => undefined);
}

export function drawEmailInput(element: Json, place: Place): HTMLElement {
  const input = el('input', { ...namesOf(element, place), type: 'email' });
  return register(input, element, place, stringOf(element['initial_value']), () =>
    input.validity.valid ? undefined : 'Write an e-mail address.',
  );
}

export function drawUrlInput(element: Json, place: Place): HTMLElement {
  const input = el('input', { ...namesOf(element, place), type: 'url' });
  return register(input, element, place, stringOf(element['initial_value']), () =>
    input.validity.valid ? undefined : 'Write an address that starts with https://.',
  );
}

function namesOf(element: Json, place: Place): Attributes {
  const placeholder = wordsOf(element['placeholder']);
  return {
    class: 'field',
    placeholder,
    'data-key': `${place.blockId}/${stringOf(element['action_id'])}`,
    'aria-labelledby': place.labelledBy,
    'aria-describedby': place.describedBy,
    'aria-label': place.labelledBy === undefined ? placeholder || 'Input' : undefined,
  };
}

function register(
  input: HTMLInputElement | HTMLTextAreaElement,
  element: Json,
  place: Place,
  initial: string,
  fault: (text: string) => string | undefined,
): HTMLElement {
  const actionId = stringOf(element['action_id']);
  const kept = place.surface.form.kept(place.blockId, actionId);
  input.value = kept === undefined ? initial : typeof kept === 'string' ? kept : '';
  place.surface.form.add(place.blockId, actionId, {
    read: () => (input.value === '' ? null : input.value),
    problem: () => {
      if (input.value.trim() === '') return place.isRequired ? 'Fill this in.' : undefined;
      return fault(input.value);
    },
    focus: () => input.focus(),
  });
  if (place.tellsAtOnce) listen(input, element, place, actionId);
  return input;
}

/** Slack tells the bot when Enter is pressed, or on every character where the element asks for it; dates on change. */
function listen(
  input: HTMLInputElement | HTMLTextAreaElement,
  element: Json,
  place: Place,
  actionId: string,
): void {
  const tell = (): void => {
    if (input.value !== '') void place.surface.press(place.blockId, actionId, [input.value]);
  };
  const triggers = recordOf(element['dispatch_action_config'])['trigger_actions_on'];
  if (input.type === 'date' || input.type === 'time') input.addEventListener('change', tell);
  else if (Array.isArray(triggers) && triggers.includes('on_character_entered'))
    input.addEventListener('input', tell);
  else
    input.addEventListener('keydown', (event) => {
      if ((event as KeyboardEvent).key !== 'Enter') return;
      event.preventDefault();
      tell();
    });
}
