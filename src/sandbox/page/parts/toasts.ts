import { el, icon } from '../el.ts';

const SHOWN_MS = 9000;
const MOST = 3;

/** Short sentences about what did not work, in a corner; they go by themselves or by their button. */
export function createToasts(): { readonly node: HTMLElement; readonly say: (problem: string) => void } {
  const node = el('div', { class: 'toasts', role: 'alert', popover: 'manual' });
  const say = (problem: string): void => {
    const toast = el('div', { class: 'toast' }, icon('sign-warning'), el('p', {}, problem));
    const close = el(
      'button',
      {
        type: 'button',
        class: 'button button-icon button-quiet',
        'aria-label': 'Dismiss',
        click: () => toast.remove(),
      },
      icon('icon-close'),
    );
    toast.append(close);
    node.append(toast);
    // Shown anew, it lies above a modal that was opened after it.
    if (node.matches(':popover-open')) node.hidePopover();
    node.showPopover();
    while (node.children.length > MOST) node.firstElementChild?.remove();
    setTimeout(() => toast.remove(), SHOWN_MS);
  };
  return { node, say };
}
