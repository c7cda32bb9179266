import type { Person } from '../api.ts';
import { el, icon, replace } from '../el.ts';
import { drawAvatar } from './avatar.ts';
import { openMenu } from './menu.ts';

type Cast = {
  /** The list at the side of a wide window. */
  readonly list: HTMLElement;
  /** The same as one button, for a narrow one. */
  readonly button: HTMLElement;
  readonly show: (people: readonly Person[], as: string) => void;
};

/** The people one can act as. Whose eyes one looks through decides what is seen and what is allowed. */
export function createCast(choose: (as: string) => void): Cast {
  const rows = el('ul', { class: 'cast-rows' });
  const list = el(
    'nav',
    { class: 'cast', 'aria-labelledby': 'cast-title' },
    el('h2', { class: 'eyebrow', id: 'cast-title' }, 'Acting as'),
    rows,
  );
  const button = el('button', {
    type: 'button',
    class: 'cast-button',
    'aria-haspopup': 'menu',
    'aria-expanded': 'false',
  });
  let current: readonly Person[] = [];
  let acting = '';
  button.addEventListener('click', () =>
    openMenu(
      button,
      current.map(({ id, name, note }) => ({
        words: name,
        note,
        isCurrent: id === acting,
        choose: () => choose(id),
      })),
    ),
  );
  const show = (people: readonly Person[], as: string): void => {
    current = people.filter(({ isBot }) => !isBot);
    acting = as;
    replace(rows, ...current.map((person) => el('li', {}, drawPerson(person, people, as, choose))));
    const self = current.find(({ id }) => id === as);
    if (self === undefined) return;
    button.setAttribute('aria-label', `Acting as ${self.name}. Choose another person.`);
    button.replaceChildren(
      drawAvatar(self, people),
      el('span', { class: 'cast-button-name' }, self.name),
      icon('icon-down'),
    );
  };
  return { list, button, show };
}

function drawPerson(
  person: Person,
  people: readonly Person[],
  as: string,
  choose: (as: string) => void,
): HTMLElement {
  return el(
    'button',
    {
      type: 'button',
      class: 'cast-person',
      'data-key': `as-${person.id}`,
      'aria-pressed': String(person.id === as),
      click: () => choose(person.id),
    },
    drawAvatar(person, people),
    el(
      'span',
      { class: 'cast-words' },
      el('span', { class: 'cast-name' }, person.name),
      el('span', { class: 'cast-note' }, person.note || person.title),
    ),
  );
}
