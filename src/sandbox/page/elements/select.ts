import { el } from '../el.ts';
import { type Json, listOf, stringOf, wordsOf } from '../reading.ts';
import type { Place } from '../surface.ts';
import { confirmed } from './confirm.ts';
import { chosenAtFirst, optionsOf } from './options.ts';

/** The browser's own select: it is usable by everybody, on a phone as well. */
export function drawSelect(element: Json, place: Place): HTMLElement {
  const groups = listOf(element['option_groups']);
  const draw = (options: unknown): readonly HTMLElement[] =>
    optionsOf(options).map(({ value, text }) => el('option', { value }, wordsOf(text)));
  const options =
    groups.length === 0
      ? draw(element['options'])
      : groups.map((group) => el('optgroup', { label: wordsOf(group['label']) }, ...draw(group['options'])));
  return selectOf(element, place, options, chosenAtFirst(element, kept(element, place))[0] ?? '');
}

/** A person of the sandbox. */
export function drawPeopleSelect(element: Json, place: Place): HTMLElement {
  const options = place.surface.people
    .filter(({ isBot }) => !isBot)
    .map(({ id, name }) => el('option', { value: id }, name));
  return selectOf(element, place, options, keptOr(element, place, 'initial_user'));
}

/** A channel of the sandbox. */
export function drawChannelSelect(element: Json, place: Place): HTMLElement {
  const options = place.surface.channels.map(({ id, name }) => el('option', { value: id }, `#${name}`));
  const initial = stringOf(element['initial_channel']) === '' ? 'initial_conversation' : 'initial_channel';
  return selectOf(element, place, options, keptOr(element, place, initial));
}

const kept = (element: Json, place: Place): ReturnType<Place['surface']['form']['kept']> =>
  place.surface.form.kept(place.blockId, stringOf(element['action_id']));

function keptOr(element: Json, place: Place, initial: string): string {
  const before = kept(element, place);
  return before === undefined ? stringOf(element[initial]) : typeof before === 'string' ? before : '';
}

function selectOf(element: Json, place: Place, options: readonly HTMLElement[], chosen: string): HTMLElement {
  const actionId = stringOf(element['action_id']);
  const placeholder = wordsOf(element['placeholder']) || 'Choose…';
  const select = el(
    'select',
    {
      class: 'field field-select',
      'data-key': `${place.blockId}/${actionId}`,
      'aria-labelledby': place.labelledBy,
      'aria-describedby': place.describedBy,
      'aria-label': place.labelledBy === undefined ? placeholder : undefined,
    },
    el('option', { value: '' }, placeholder),
    ...options,
  );
  select.value = chosen;
  let before = select.value;
  select.addEventListener('change', async () => {
    if (!place.tellsAtOnce || select.value === '') return;
    if (await confirmed(element, place.surface.names)) {
      before = select.value;
      await place.surface.press(place.blockId, actionId, [select.value]);
    } else {
      select.value = before;
    }
  });
  place.surface.form.add(place.blockId, actionId, {
    read: () => (select.value === '' ? null : select.value),
    problem: () => (place.isRequired && select.value === '' ? 'Choose one.' : undefined),
    focus: () => select.focus(),
  });
  return el('span', { class: 'field-select-box' }, select);
}
