import type { Suggestion } from '../api.ts';
import { el, icon } from '../el.ts';
import { EMPTY, sent, stepped } from './history.ts';

export type Composer = {
  readonly node: HTMLElement;
  readonly show: (label: string, suggestions: readonly Suggestion[]) => void;
  /** Puts a line there for the person to send. */
  readonly fill: (text: string) => void;
};

let made = 0;

/** The line one types into: `/` offers commands, Enter sends, Shift+Enter breaks the line, Up brings back what was sent. */
export function createComposer(send: (text: string) => Promise<boolean>): Composer {
  made += 1;
  const listId = `completion-${made}`;
  const list = el('ul', { class: 'completion', id: listId, role: 'listbox', 'aria-label': 'Commands' });
  const input = el('textarea', {
    class: 'composer-input',
    rows: 1,
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-controls': listId,
    'aria-expanded': 'false',
    spellcheck: 'false',
  });
  const submit = el(
    'button',
    { type: 'submit', class: 'button button-primary button-icon', 'aria-label': 'Send' },
    icon('icon-send'),
  );
  const node = el('form', { class: 'composer' }, list, el('div', { class: 'composer-line' }, input, submit));
  let known: readonly Suggestion[] = [];
  let offered: readonly Suggestion[] = [];
  /** -1: nothing of the list is chosen, and Enter sends the line as it stands. */
  let chosen = -1;
  let history = EMPTY;

  const offer = (suggestions: readonly Suggestion[]): void => {
    offered = suggestions;
    if (offered.length === 0) chosen = -1;
    input.setAttribute('aria-expanded', String(offered.length > 0));
    if (chosen >= 0) input.setAttribute('aria-activedescendant', `${listId}-${chosen}`);
    else input.removeAttribute('aria-activedescendant');
    list.replaceChildren(
      ...offered.map(({ text, does }, index) => {
        const option = el(
          'li',
          {
            role: 'option',
            id: `${listId}-${index}`,
            class: 'completion-option',
            'aria-selected': String(index === chosen),
          },
          el('span', { class: 'completion-text' }, text),
          el('span', { class: 'completion-does' }, does),
        );
        // Not `click`: the input must keep the focus while the pointer is down.
        option.addEventListener('mousedown', (event) => {
          event.preventDefault();
          fill(text);
        });
        return option;
      }),
    );
    list.children[chosen]?.scrollIntoView({ block: 'nearest' });
  };
  const resize = (): void => {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 180)}px`;
  };
  const type = (text: string): void => {
    input.value = text;
    resize();
    submit.disabled = text.trim() === '';
  };
  const fill = (text: string): void => {
    type(text);
    offer([]);
    input.focus();
    input.setSelectionRange(text.length, text.length);
  };
  const go = async (): Promise<void> => {
    const text = input.value.trim();
    if (text === '') return;
    history = sent(history, text);
    type('');
    offer([]);
    // What could not be sent comes back, unless something else has been typed meanwhile.
    if (!(await send(text)) && input.value === '') type(text);
  };
  const recall = (step: -1 | 1): boolean => {
    const found = stepped(history, step, input.value);
    if (found === undefined) return false;
    history = found.history;
    fill(found.line);
    return true;
  };

  input.addEventListener('input', () => {
    resize();
    submit.disabled = input.value.trim() === '';
    chosen = -1;
    offer(completionsOf(known, input.value));
  });
  input.addEventListener('blur', () => offer([]));
  input.addEventListener('keydown', (event) => {
    const isOffering = offered.length > 0;
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const picked = offered[chosen];
      if (picked === undefined) void go();
      else fill(picked.text);
    } else if (event.key === 'Tab' && isOffering && !event.shiftKey) {
      event.preventDefault();
      fill(offered[Math.max(0, chosen)]?.text ?? input.value);
    } else if (event.key === 'Escape' && isOffering) {
      event.preventDefault();
      offer([]);
    } else if (move !== 0 && isOffering) {
      event.preventDefault();
      chosen =
        chosen === -1 && move === -1 ? offered.length - 1 : (chosen + move + offered.length) % offered.length;
      offer(offered);
    } else if (move !== 0 && !input.value.includes('\n')) {
      if (recall(move)) event.preventDefault();
    }
  });
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    void go();
  });
  submit.disabled = true;
  return {
    node,
    fill,
    show: (label, suggestions) => {
      known = suggestions;
      input.placeholder = label;
      input.setAttribute('aria-label', label);
    },
  };
}

/** The commands that go on as the line begins; none for plain words. */
function completionsOf(known: readonly Suggestion[], typed: string): readonly Suggestion[] {
  if (!typed.startsWith('/') || typed.includes('\n')) return [];
  return known.filter(({ text }) => text.toLowerCase().startsWith(typed.toLowerCase()) && text !== typed);
}
