import type { Channel, Suggestion } from '../api.ts';
import { el } from '../el.ts';
import { titleOf } from '../place.ts';

/** What a reader finds at the very top of a channel. */
export function drawIntro(channel: Channel, story: string): HTMLElement {
  return el(
    'header',
    { class: 'intro' },
    el('h2', { class: 'intro-title' }, titleOf(channel)),
    channel.topic !== '' && el('p', { class: 'intro-topic' }, channel.topic),
    story !== '' && el('p', { class: 'intro-story' }, story),
  );
}

/** What stands in a channel where nothing has been said: the first thing that most people see of the project. */
export function drawWelcome(
  first: Suggestion | undefined,
  story: string,
  fill: (text: string) => void,
): HTMLElement {
  return el(
    'section',
    { class: 'welcome', 'aria-label': 'Where to begin' },
    el('p', { class: 'welcome-story' }, story || 'Nothing has been said here yet.'),
    el(
      'ol',
      { class: 'welcome-steps' },
      el(
        'li',
        {},
        'Ask the bot. ',
        first !== undefined &&
          el(
            'button',
            { type: 'button', class: 'welcome-command', click: () => fill(first.text) },
            first.text,
          ),
      ),
      el('li', {}, 'Press what its answer offers.'),
      el('li', {}, 'Act as somebody else. They see other things, and may do other things.'),
    ),
  );
}
