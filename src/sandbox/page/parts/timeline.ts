import type { Message, Values } from '../api.ts';
import { el, focusKey, sync } from '../el.ts';
import { createForm, type Form } from '../form.ts';
import { atMsOf } from '../live.ts';
import type { Surface } from '../surface.ts';
import { drawMessage } from './message.ts';

/** A command that was sent, as a quiet line, so that an answer only one person sees has its question above it. */
export type Echo = {
  readonly atMs: number;
  readonly text: string;
  readonly name: string;
  readonly isWaiting: boolean;
};

type Line = { readonly message: Message; readonly replies: number; readonly isOpen: boolean };

type Shown = { readonly signature: string; readonly node: HTMLElement; readonly form: Form };

type Deeds = {
  readonly surface: (message: Message, form: Form) => Surface;
  /** Absent where threads can't be opened. */
  readonly openThread?: (message: Message) => void;
};

/** How near to the end counts as reading along. */
const NEAR_END_PX = 60;

/**
 * A list of messages that keeps what did not change: the reader's place, the focus, and what stands in inputs. Who reads
 * along at the end stays at the end.
 */
export function createTimeline(
  label: string,
  deeds: Deeds,
): {
  readonly node: HTMLElement;
  readonly show: (lines: readonly Line[], echoes: readonly Echo[], intro: readonly Node[]) => void;
  readonly toEnd: () => void;
} {
  const node = el('div', {
    class: 'timeline',
    role: 'log',
    'aria-live': 'off',
    'aria-label': label,
    tabindex: '0',
  });
  const inner = el('div', { class: 'timeline-inner' });
  node.append(inner);
  let shown = new Map<string, Shown>();

  const draw = (line: Line): Shown => {
    const { message } = line;
    const key = keyOf(message);
    const signature = JSON.stringify(line);
    const before = shown.get(key);
    if (before?.signature === signature) return before;
    const kept: Values = before?.form.values() ?? {};
    const form = createForm(kept);
    const surface = deeds.surface(message, form);
    const canReply = deeds.openThread !== undefined && !message.isEphemeral && message.kind === 'message';
    const thread = canReply
      ? { replies: line.replies, isOpen: line.isOpen, open: () => deeds.openThread?.(message) }
      : undefined;
    return { signature, form, node: drawMessage(message, surface, thread) };
  };

  const toEnd = (): void => {
    node.scrollTop = node.scrollHeight;
  };

  const show = (lines: readonly Line[], echoes: readonly Echo[], intro: readonly Node[]): void => {
    const isAtEnd = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_END_PX;
    const focused = document.activeElement;
    const key = focused?.getAttribute('data-key') ?? '';
    const ownerTs = focused?.closest('[data-ts]')?.getAttribute('data-ts');
    const next = new Map(lines.map((line) => [keyOf(line.message), draw(line)]));
    const rows = [
      ...lines.map(({ message }) => ({ atMs: atMsOf(message.ts), node: next.get(keyOf(message))?.node })),
      ...echoes.map((echo) => ({ atMs: echo.atMs, node: drawEcho(echo) })),
    ].toSorted((one, other) => one.atMs - other.atMs);
    shown = next;
    sync(
      inner,
      [...intro, ...rows.map((row) => row.node)].filter((child) => child !== undefined),
    );
    const owner = [...inner.children].find((child) => child.getAttribute('data-ts') === ownerTs);
    if (owner !== undefined && document.activeElement === document.body) focusKey(owner, key);
    if (isAtEnd) toEnd();
  };
  return { node, show, toEnd };
}

const keyOf = ({ channel, ts }: Message): string => `${channel}/${ts}`;

function drawEcho({ text, name, isWaiting }: Echo): HTMLElement {
  return el(
    'p',
    { class: 'echo', 'aria-busy': String(isWaiting) },
    el('span', { class: 'echo-name' }, name),
    el('code', {}, text),
  );
}
