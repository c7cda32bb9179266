import type { Channel } from '../api.ts';
import { el, icon, replace } from '../el.ts';
import { HOME, titleOf } from '../place.ts';

/** The tabs above the conversation: the channels, and the bot's Home. `unread` are those where something came since. */
export function createRooms(choose: (room: string) => void): {
  readonly node: HTMLElement;
  readonly show: (channels: readonly Channel[], room: string, unread: readonly string[]) => void;
} {
  const node = el('div', { class: 'rooms', role: 'tablist', 'aria-label': 'Channels' });
  node.addEventListener('keydown', (event) => {
    const tabs = [...node.querySelectorAll<HTMLElement>('[role=tab]')];
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || at === -1) return;
    event.preventDefault();
    const next = tabs.at((at + step) % tabs.length);
    next?.focus();
    next?.click();
  });
  const show = (channels: readonly Channel[], room: string, unread: readonly string[]): void => {
    const tab = (id: string, ...words: (Node | string | false)[]): HTMLElement =>
      el(
        'button',
        {
          type: 'button',
          role: 'tab',
          class: 'room',
          id: `room-${id}`,
          'data-key': `room-${id}`,
          'aria-selected': String(id === room),
          'aria-controls': 'stage',
          tabindex: id === room ? 0 : -1,
          click: () => choose(id),
        },
        ...words,
        unread.includes(id) &&
          id !== room &&
          el('span', { class: 'room-unread' }, el('span', { class: 'spoken' }, 'new messages')),
      );
    replace(
      node,
      ...channels.map((channel) =>
        tab(channel.id, titleOf(channel), channel.isExternal && el('span', { class: 'tag' }, 'shared')),
      ),
      tab(HOME, icon('icon-home'), 'Home'),
    );
  };
  return { node, show };
}
