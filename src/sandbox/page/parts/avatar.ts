import type { Person } from '../api.ts';
import { el, icon } from '../el.ts';

/** As many as style/base.css has. */
const HUES = 6;

/** Initials on a colour that tells people apart; the bot has the mark. Decorative: the name stands beside it. */
export function drawAvatar(
  person: Pick<Person, 'id' | 'name' | 'isBot'>,
  people: readonly Person[],
): HTMLElement {
  if (person.isBot)
    return el('span', { class: 'avatar avatar-bot', 'aria-hidden': 'true' }, icon('mark', 'mark'));
  const hue = Math.max(
    0,
    people.findIndex(({ id }) => id === person.id),
  );
  return el('span', { class: `avatar hue-${hue % HUES}`, 'aria-hidden': 'true' }, initialsOf(person.name));
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends
    .map((word) => [...(word ?? '?')][0] ?? '')
    .join('')
    .toUpperCase();
}
