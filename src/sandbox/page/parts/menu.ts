import { el } from '../el.ts';

type Entry = {
  readonly words: string;
  readonly note?: string;
  readonly isCurrent?: boolean;
  readonly choose: () => void;
};

const GAP = 6;

/** A menu beneath a button: arrows move, Enter chooses, Escape and a press elsewhere close it. */
export function openMenu(opener: HTMLElement, entries: readonly Entry[]): void {
  const menu = el('div', { class: 'menu', role: 'menu', popover: 'auto' });
  menu.append(
    ...entries.map(({ words, note, isCurrent, choose }) =>
      el(
        'button',
        {
          type: 'button',
          role: 'menuitem',
          class: 'menu-entry',
          'aria-current': isCurrent === true ? 'true' : undefined,
          click: () => {
            menu.hidePopover();
            choose();
          },
        },
        el('span', {}, words),
        note !== undefined && el('span', { class: 'menu-note' }, note),
      ),
    ),
  );
  menu.addEventListener('keydown', (event) => move(menu, event));
  menu.addEventListener('toggle', (event) => {
    const isOpen = (event as ToggleEvent).newState === 'open';
    opener.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) return;
    const hadFocus = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (hadFocus) opener.focus();
  });
  // A popover of an open dialog must stand inside it, or the dialog would make it inert.
  (opener.closest('dialog') ?? document.body).append(menu);
  menu.showPopover();
  const box = opener.getBoundingClientRect();
  const left = Math.min(box.left, window.innerWidth - menu.offsetWidth - GAP);
  const below = box.bottom + GAP;
  const fits = below + menu.offsetHeight < window.innerHeight;
  menu.style.left = `${Math.max(GAP, left)}px`;
  menu.style.top = `${fits ? below : Math.max(GAP, box.top - GAP - menu.offsetHeight)}px`;
  menu.querySelector<HTMLElement>('button')?.focus();
}

function move(menu: HTMLElement, event: KeyboardEvent): void {
  const entries = [...menu.querySelectorAll<HTMLElement>('button')];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: -1,
  };
  const to = steps[event.key];
  if (to === undefined) return;
  event.preventDefault();
  entries.at(to % entries.length)?.focus();
}
