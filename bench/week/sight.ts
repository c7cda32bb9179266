import { elementsOf, withinContainers } from '../../src/sandbox/elements.ts';
import { isFields } from '../../src/sandbox/fields.ts';
import type { Message, View } from '../../src/sandbox/page/api.ts';
import type { People } from '../../src/sandbox/people.ts';
import { CHANNELS } from './setting.ts';

/** What one person sees at an instant, kept so that any change that concerns them is noticed. */
export type Sight = {
  readonly messages: ReadonlyMap<string, Message>;
  readonly modals: string;
  readonly home: string;
};

/** People look at what is new; what was said long ago nobody answers. */
const LOOKED_AT = 150;

/** What a bot says that has lost a window which it or another one opened. */
export const WINDOW_LOST = /no longer know what this window was about/;

export type Answered = 'answered' | 'failed' | 'lost';

/** The latest of each channel. */
export function messagesFor(people: People, person: string, latest = LOOKED_AT): readonly Message[] {
  const channels = [CHANNELS.people, CHANNELS.alerts, CHANNELS.reports, `D${person.slice(1)}`];
  return channels.flatMap((channel) => people.messagesSeenBy(person, channel).slice(-latest));
}

export function lookAt(people: People, person: string): Sight {
  const messages = messagesFor(people, person).map((message) => [keyOf(message), message] as const);
  return {
    messages: new Map(messages),
    modals: people.modalsOf(person).map(markOfView).join(' '),
    home: markOfView(people.homeOf(person)),
  };
}

/**
 * What answers this person since `before`: something said to them alone or by name, a window, their Home, or a change of the
 * message that they pressed a button of. Undefined while there is nothing; Slack's own complaints are `failed`, and that a bot
 * no longer knows of a window is `lost`.
 */
export function answerSince(
  people: People,
  person: { readonly id: string; readonly name: string },
  before: Sight,
  pressed: Message | undefined,
): Answered | undefined {
  const now = lookAt(people, person.id);
  if (now.modals !== before.modals || now.home !== before.home) return 'answered';
  const fresh = messagesFor(people, person.id).filter(
    (message) => !isSame(before.messages.get(keyOf(message)), message),
  );
  const isMine = (message: Message) =>
    message.isEphemeral ||
    message.channel.startsWith('D') ||
    message.text.includes(person.id) ||
    message.text.includes(person.name) ||
    (pressed !== undefined && keyOf(message) === keyOf(pressed));
  const mine = fresh.filter((message) => message.kind === 'message' && isMine(message));
  if (mine.some(({ text }) => WINDOW_LOST.test(text))) return 'lost';
  if (mine.length > 0) return 'answered';
  return fresh.some(({ kind }) => kind === 'error') ? 'failed' : undefined;
}

/** The labels of the buttons of a message or view that can be pressed. */
export function labelsOn(on: Message | View): readonly string[] {
  return withinContainers(on.blocks)
    .filter(({ type }) => type !== 'input')
    .flatMap(elementsOf)
    .filter(({ type, url }) => type === 'button' && url === undefined)
    .flatMap(({ text }) => (isFields(text) && typeof text['text'] === 'string' ? [text['text']] : []));
}

function keyOf({ channel, ts }: Message): string {
  return `${channel} ${ts}`;
}

/** An edit brings new blocks, so there is no need to look into them. */
function isSame(one: Message | undefined, other: Message): boolean {
  return one?.text === other.text && one.blocks === other.blocks;
}

function markOfView(view: View | undefined): string {
  return view === undefined ? '' : `${view.id} ${JSON.stringify(view.blocks)}`;
}
