import type { Message, Outcome, ServerEvent, State } from './api.ts';
import { applied } from './live.ts';
import type { Echo } from './parts/timeline.ts';
import { HOME, type Place, readPlace, roomFor, withMentions, writePlace } from './place.ts';
import { createScreen, nameOf } from './screen.ts';
import { follow, server } from './server.ts';

type SentEcho = Echo & { readonly as: string; readonly channel: string };

/** The life of the page: what people do goes to the server, what the server tells goes into one state, which is shown. */
export function startPage(root: HTMLElement): void {
  let place = readPlace(location.hash);
  let state: State | undefined;
  let isReachable = true;
  let echoes: readonly SentEcho[] = [];
  const unread = new Set<string>();
  let unfollow = (): void => undefined;

  const tell = async (outcome: Promise<Outcome>): Promise<boolean> => {
    const answer = await outcome;
    if (!answer.ok) screen.complain(answer.problem);
    return answer.ok;
  };

  const say = async (text: string, threadTs?: string): Promise<boolean> => {
    const { as, room: channel } = place;
    const people = state?.people ?? [];
    const isCommand = text.startsWith('/');
    const echo = { as, channel, name: nameOf(people, as), text, atMs: Date.now(), isWaiting: true };
    // Plain words come back as a message of their own; a command leaves no trace but this.
    if (isCommand && threadTs === undefined) echoes = [...echoes, echo];
    draw();
    screen.toEnd();
    const line = { as, channel, text: isCommand ? text : withMentions(text, people) };
    const isSaid = await tell(server.say(threadTs === undefined ? line : { ...line, threadTs }));
    echoes = echoes.map((known) => (known === echo ? { ...echo, isWaiting: false } : known));
    draw();
    return isSaid;
  };

  const go = (next: Place): void => {
    const before = place;
    place = next;
    history.replaceState(null, '', writePlace(place));
    unread.delete(place.room);
    if (place.as === before.as) draw();
    else listen();
    if (place.room !== before.room) screen.toEnd();
    if (place.room === HOME && (place.room !== before.room || place.as !== before.as)) openHome();
  };
  const openHome = (): void => {
    if (place.as !== '') void tell(server.home({ as: place.as }));
  };

  const screen = createScreen(root, {
    actAs: (as) => go({ ...place, as }),
    enter: (room, threadTs) => go({ as: place.as, room, ...(threadTs === undefined ? {} : { threadTs }) }),
    say,
    press: async (what) => void (await tell(server.press({ as: place.as, ...what }))),
    submit: ({ id }, values) => server.submit({ as: place.as, viewId: id, values }),
    close: ({ id }) => void tell(server.close({ as: place.as, viewId: id })),
  });

  const draw = (): void => {
    if (state === undefined) return;
    screen.show({
      state,
      place,
      connection: !isReachable ? 'server-away' : state.isBotConnected ? 'connected' : 'bot-away',
      unread: [...unread],
      echoes: echoes.filter(({ as, channel }) => as === place.as && channel === place.room),
    });
  };

  const onState = (next: State): void => {
    const isFirst = state === undefined;
    state = next;
    place = { ...place, as: next.as, room: roomFor(next.channels, place.room) };
    history.replaceState(null, '', writePlace(place));
    draw();
    if (!isFirst) return;
    screen.toEnd();
    if (place.room === HOME) openHome();
  };

  const onEvent = (event: ServerEvent): void => {
    if (state === undefined) return;
    const before = state;
    state = applied(state, event);
    if (event.type === 'message') announce(before, event.message);
    draw();
  };

  /** Tells what is new; an edit is not. */
  const announce = ({ messages, people }: State, { channel, ts, from, text }: Message): void => {
    if (messages.some((known) => known.channel === channel && known.ts === ts)) return;
    if (channel !== place.room) unread.add(channel);
    else if (from !== place.as) screen.speak(`${nameOf(people, from)}: ${text}`);
  };

  const listen = (): void => {
    unfollow();
    unfollow = follow(place.as, {
      state: onState,
      event: onEvent,
      isReachable: (next) => {
        isReachable = next;
        draw();
      },
      refused: () => {
        if (place.as !== '') go({ ...place, as: '' });
      },
    });
  };
  window.addEventListener('hashchange', () => go(readPlace(location.hash)));
  listen();
}
