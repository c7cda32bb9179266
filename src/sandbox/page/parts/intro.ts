import type { Channel } from '../api.ts';
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
