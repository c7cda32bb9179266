import type { Message } from '../api.ts';
import { el, icon } from '../el.ts';
import { atMsOf } from '../live.ts';
import type { Surface } from '../surface.ts';
import { drawProse } from '../text/draw.ts';
import { parseMrkdwn } from '../text/mrkdwn.ts';
import { drawAvatar } from './avatar.ts';

type Thread = { readonly replies: number; readonly isOpen: boolean; readonly open: () => void };

/** One message. `thread` is absent where a thread can't be opened: within a thread, or on what only one person sees. */
export function drawMessage(message: Message, surface: Surface, thread: Thread | undefined): HTMLElement {
  const author = surface.people.find(({ id }) => id === message.from);
  const name = author?.name ?? message.from;
  const isBot = author?.isBot ?? false;
  const body =
    message.blocks.length > 0
      ? surface.drawBlocks(message.blocks)
      : [el('div', { class: 'prose' }, ...drawProse(parseMrkdwn(message.text), surface.names))];
  if (message.kind === 'error')
    return el(
      'article',
      { class: 'message-error', 'data-ts': message.ts, 'aria-label': 'Said by the sandbox' },
      icon('sign-warning'),
      el('div', {}, ...body),
      drawTime(message.ts),
    );
  return el(
    'article',
    {
      class: `message ${isBot ? 'is-bot' : ''} ${message.isEphemeral ? 'is-private' : ''}`,
      'data-ts': message.ts,
      'aria-label': `${name}, ${clock(message.ts)}`,
    },
    drawAvatar({ id: message.from, name, isBot }, surface.people),
    el(
      'div',
      { class: 'message-main' },
      el(
        'header',
        { class: 'message-head' },
        el('span', { class: 'message-name' }, name),
        isBot && el('span', { class: 'tag' }, 'bot'),
        drawTime(message.ts),
        message.isEdited && el('span', { class: 'message-mark' }, 'edited'),
        message.isEphemeral &&
          el('span', { class: 'message-private' }, icon('icon-eye'), 'Only visible to you'),
        thread?.replies === 0 && drawThreadButton(thread),
      ),
      el('div', { class: 'message-body' }, ...body),
      thread !== undefined && thread.replies > 0 && drawThreadButton(thread),
    ),
  );
}

function drawThreadButton({ replies, isOpen, open }: Thread): HTMLElement {
  const words = replies === 0 ? 'Reply in thread' : replies === 1 ? '1 reply' : `${replies} replies`;
  return el(
    'button',
    {
      type: 'button',
      class: replies === 0 ? 'thread-button is-quiet' : 'thread-button',
      'data-key': 'thread',
      'aria-expanded': String(isOpen),
      click: open,
    },
    icon('icon-thread'),
    words,
  );
}

function drawTime(ts: string): HTMLElement {
  const at = new Date(atMsOf(ts));
  return el('time', { datetime: at.toISOString(), title: at.toLocaleString() }, clock(ts));
}

function clock(ts: string): string {
  return new Date(atMsOf(ts)).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
}
