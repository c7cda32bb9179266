import type { Suggestion } from '../api.ts';
import { el, replace } from '../el.ts';

/** The commands to try. Pressing one fills the line; it is the person who sends it. */
export function createPrompts(fill: (text: string) => void): {
  readonly node: HTMLElement;
  readonly show: (suggestions: readonly Suggestion[]) => void;
} {
  const rows = el('ul', { class: 'prompt-rows' });
  const node = el(
    'section',
    { class: 'prompts', 'aria-labelledby': 'prompts-title' },
    el('h2', { class: 'eyebrow', id: 'prompts-title' }, 'Try'),
    rows,
  );
  const show = (suggestions: readonly Suggestion[]): void => {
    node.hidden = suggestions.length === 0;
    replace(
      rows,
      ...suggestions.map(({ text, does }) =>
        el(
          'li',
          {},
          el(
            'button',
            { type: 'button', class: 'prompt', 'data-key': `try-${text}`, click: () => fill(text) },
            el('span', { class: 'prompt-text' }, text),
            el('span', { class: 'prompt-does' }, does),
          ),
        ),
      ),
    );
  };
  return { node, show };
}
