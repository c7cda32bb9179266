import type { Message, ServerEvent, State } from './api.ts';

/** The state after an event. Applying one twice changes nothing: after a reconnection some arrive again. */
export function applied(state: State, event: ServerEvent): State {
  switch (event.type) {
    case 'message':
      return { ...state, messages: withMessage(state.messages, event.message) };
    case 'deleted':
      return {
        ...state,
        messages: state.messages.filter(({ channel, ts }) => channel !== event.channel || ts !== event.ts),
      };
    case 'modals':
      return { ...state, modals: event.modals };
    case 'home':
      return { ...state, home: event.home };
    case 'bot':
      return { ...state, isBotConnected: event.isConnected };
    default:
      return event satisfies never;
  }
}

function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const at = messages.findIndex(({ channel, ts }) => channel === message.channel && ts === message.ts);
  return at === -1 ? [...messages, message] : messages.with(at, message);
}

/** A `ts` is seconds with a fraction that also orders what came within one second. */
export function atMsOf(ts: string): number {
  return Number.parseFloat(ts) * 1000;
}

function byTime(one: Message, other: Message): number {
  return Number.parseFloat(one.ts) - Number.parseFloat(other.ts) || one.ts.localeCompare(other.ts);
}

/** What stands in a channel itself, oldest first. A reply whose parent the reader can't see would be lost: it stands here. */
export function timelineOf(messages: readonly Message[], channel: string): readonly Message[] {
  const here = messages.filter((message) => message.channel === channel);
  const known = new Set(here.map(({ ts }) => ts));
  return here
    .filter(({ ts, threadTs }) => threadTs === undefined || threadTs === ts || !known.has(threadTs))
    .toSorted(byTime);
}

/** The replies to a message, oldest first. */
export function repliesTo(
  messages: readonly Message[],
  channel: string,
  threadTs: string,
): readonly Message[] {
  return messages
    .filter(
      (message) => message.channel === channel && message.threadTs === threadTs && message.ts !== threadTs,
    )
    .toSorted(byTime);
}
