import { el, icon } from '../el.ts';
import { createThemeToggle } from './theme.ts';

/** The name, what is being played, and whether the bot is there. */
export function createTopbar(castButton: HTMLElement): {
  readonly node: HTMLElement;
  readonly show: (story: string, connection: Connection) => void;
} {
  const story = el('p', { class: 'story' });
  const light = el('span', { class: 'bot-state', role: 'status' });
  const node = el(
    'header',
    { class: 'topbar' },
    el(
      'h1',
      { class: 'brand' },
      icon('mark', 'mark'),
      el('span', { class: 'brand-name' }, 'Poison Control'),
      el('span', { class: 'brand-place' }, 'sandbox'),
    ),
    story,
    light,
    castButton,
    createThemeToggle(),
  );
  const show = (words: string, connection: Connection): void => {
    story.textContent = words;
    story.title = words;
    light.dataset['state'] = connection;
    light.title = SENTENCES[connection];
    light.replaceChildren(el('span', { class: 'bot-words' }, WORDS[connection]));
  };
  return { node, show };
}

export type Connection = 'connected' | 'bot-away' | 'server-away';

const WORDS: Readonly<Record<Connection, string>> = {
  connected: 'Bot connected',
  'bot-away': 'Bot away',
  'server-away': 'Sandbox away',
};

const SENTENCES: Readonly<Record<Connection, string>> = {
  connected: 'The bot is connected over Socket Mode.',
  'bot-away': 'The bot is not connected; commands will not be answered.',
  'server-away': 'This page has lost the sandbox server and tries to reach it again.',
};
