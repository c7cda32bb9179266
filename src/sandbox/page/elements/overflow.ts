import { el, icon } from '../el.ts';
import { openMenu } from '../parts/menu.ts';
import { type Json, stringOf, wordsOf } from '../reading.ts';
import type { Place } from '../surface.ts';
import { confirmed } from './confirm.ts';
import { optionsOf } from './options.ts';

/** Three dots that open a short menu. */
export function drawOverflow(element: Json, place: Place): HTMLElement {
  const actionId = stringOf(element['action_id']);
  const button = el(
    'button',
    {
      type: 'button',
      class: 'button button-icon',
      'aria-label': 'More actions',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'data-key': `${place.blockId}/${actionId}`,
    },
    icon('icon-more'),
  );
  const choose = async (value: string): Promise<void> => {
    if (await confirmed(element, place.surface.names))
      await place.surface.press(place.blockId, actionId, [value]);
  };
  button.addEventListener('click', () =>
    openMenu(
      button,
      optionsOf(element['options']).map(({ value, text }) => ({
        words: wordsOf(text),
        choose: () => void choose(value),
      })),
    ),
  );
  return button;
}
