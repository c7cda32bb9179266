import { el, icon } from '../el.ts';

const KEY = 'poison-control.theme';

/** Light or dark: what the system says, until the button says otherwise. The choice is remembered. */
export function createThemeToggle(): HTMLElement {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = (): boolean => {
    const chosen = document.documentElement.dataset['theme'];
    return chosen === undefined ? dark.matches : chosen === 'dark';
  };
  const remembered = localStorage.getItem(KEY);
  if (remembered === 'dark' || remembered === 'light') document.documentElement.dataset['theme'] = remembered;
  const button = el('button', { type: 'button', class: 'button button-icon button-quiet' });
  const show = (): void => {
    const words = isDark() ? 'Use light colours' : 'Use dark colours';
    button.setAttribute('aria-label', words);
    button.title = words;
    button.replaceChildren(icon(isDark() ? 'icon-sun' : 'icon-moon'));
  };
  button.addEventListener('click', () => {
    const next = isDark() ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = next;
    localStorage.setItem(KEY, next);
    show();
  });
  dark.addEventListener('change', show);
  show();
  return button;
}
