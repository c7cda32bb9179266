import type { View } from '../api.ts';
import { el, replace } from '../el.ts';
import { createForm, type Form } from '../form.ts';
import type { Surface } from '../surface.ts';

/** The bot's Home tab, as the acting person sees it. */
export function createHome(surface: (view: View, form: Form) => Surface): {
  readonly node: HTMLElement;
  readonly show: (view: View | undefined) => void;
} {
  const inner = el('div', { class: 'home-inner' });
  const node = el('div', { class: 'home', tabindex: '0', role: 'region', 'aria-label': 'Home' }, inner);
  let form = createForm({});
  let signature = '';
  const show = (view: View | undefined): void => {
    const next = JSON.stringify(view ?? null);
    if (next === signature) return;
    signature = next;
    form = createForm(form.values());
    if (view === undefined)
      replace(inner, el('p', { class: 'quiet' }, 'The bot has not drawn its Home for this person yet.'));
    else replace(inner, ...surface(view, form).drawBlocks(view.blocks));
  };
  return { node, show };
}
