import type { Message } from '../api.ts';
import { el, icon } from '../el.ts';
import type { Composer } from './composer.ts';
import { createTimeline } from './timeline.ts';

type Deeds = Parameters<typeof createTimeline>[1];

/** The panel beside the conversation: a message, the replies to it, and a line for one's own. */
export function createThread(
  deeds: Pick<Deeds, 'surface'>,
  composer: Composer,
  close: () => void,
): {
  readonly node: HTMLElement;
  readonly show: (parent: Message | undefined, replies: readonly Message[]) => void;
} {
  const timeline = createTimeline('Thread', deeds);
  const node = el(
    'aside',
    { class: 'thread', 'aria-label': 'Thread', hidden: true },
    el(
      'header',
      { class: 'thread-head' },
      el('h2', { class: 'thread-title' }, 'Thread'),
      el(
        'button',
        {
          type: 'button',
          class: 'button button-icon button-quiet',
          'aria-label': 'Close thread',
          click: close,
        },
        icon('icon-close'),
      ),
    ),
    timeline.node,
    composer.node,
  );
  node.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) close();
  });
  const show = (parent: Message | undefined, replies: readonly Message[]): void => {
    const wasHidden = node.hidden;
    node.hidden = parent === undefined;
    if (parent === undefined) return;
    timeline.show(
      [parent, ...replies].map((message) => ({ message, replies: 0, isOpen: false })),
      [],
      [],
    );
    if (wasHidden) timeline.toEnd();
  };
  return { node, show };
}
