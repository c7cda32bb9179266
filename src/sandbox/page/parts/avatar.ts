import type { Person } from '../api.ts';
import { el, icon } from '../el.ts';

const HUES = 6;

/** Initials on a colour that stays with the person; the bot has the mark. Decorative: the name stands beside it. */
export function drawAvatar(person: Pick<Person, 'id' | 'name' | 'isBot'>): HTMLElement {
  if (person.isBot)
    return el('span', { class: 'avatar avatar-bot', 'aria-hidden': 'true' }, icon('mark', 'mark'));
  return el(
    'span',
    { class: `avatar hue-${hueOf(person.id)}`, 'aria-hidden': 'true' },
    initialsOf(person.name),
  );
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? '?')][0] ?? '')
    .join('')
    .toUpperCase();
}

function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 9973;
  return sum % HUES;
}
