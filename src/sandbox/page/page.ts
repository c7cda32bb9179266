import type { Message, Outcome, ServerEvent, State, Suggestion, View } from './api.ts';
import { surfaceOn } from './blocks/index.ts';
import { el, whenChanged } from './el.ts';
import type { Form } from './form.ts';
import { applied, repliesTo, timelineOf } from './live.ts';
import { createCast } from './parts/cast.ts';
import { createComposer } from './parts/composer.ts';
import { createHome } from './parts/home.ts';
import { drawIntro, drawWelcome } from './parts/intro.ts';
import { createModals } from './parts/modals.ts';
import { createPrompts } from './parts/prompts.ts';
import { createRooms } from './parts/rooms.ts';
import { createThread } from './parts/thread.ts';
import { createTimeline, type Echo } from './parts/timeline.ts';
import { createToasts } from './parts/toasts.ts';
import { createTopbar } from './parts/topbar.ts';
import { HOME, type Place, readPlace, roomFor, titleOf, withMentions, writePlace } from './place.ts';
import { follow, server } from './server.ts';
import type { Surface } from './surface.ts';

type SentEcho = Echo & { readonly as: string; readonly channel: string };

/** Wires the parts together: what the server tells goes into one state, and every change draws all parts from it. */
export function startPage(root: HTMLElement): void {
  let place = readPlace(location.hash);
  let state: State | undefined;
  let isReachable = true;
  let echoes: readonly SentEcho[] = [];
  const unread = new Set<string>();
  let unfollow = (): void => undefined;

  const toasts = createToasts();
  const tell = async (outcome: Promise<Outcome>): Promise<boolean> => {
    const answer = await outcome;
    if (!answer.ok) toasts.say(answer.problem);
    return answer.ok;
  };

  const surface = (form: Form, where: { channel: string; ts: string } | { viewId: string }): Surface =>
    surfaceOn({
      form,
      people: state?.people ?? [],
      channels: state?.channels ?? [],
      names: {
        user: (id) => state?.people.find((person) => person.id === id)?.name ?? id,
        channel: (id) => state?.channels.find((channel) => channel.id === id)?.name ?? id,
      },
      press: async (blockId, actionId, chosen) => {
        const what = { as: place.as, ...where, blockId, actionId, values: form.values() };
        await tell(server.press(chosen === undefined ? what : { ...what, chosen }));
      },
    });
  const onMessage = ({ channel, ts }: Message, form: Form): Surface => surface(form, { channel, ts });
  const onView = ({ id }: View, form: Form): Surface => surface(form, { viewId: id });

  const say = async (text: string, threadTs?: string): Promise<boolean> => {
    const { as, room: channel } = place;
    const name = state?.people.find(({ id }) => id === as)?.name ?? as;
    const echo: SentEcho = { as, channel, name, text, atMs: Date.now(), isWaiting: true };
    // Plain words come back as a message of their own; a command leaves no trace but this.
    const isCommand = text.startsWith('/');
    if (isCommand && threadTs === undefined) echoes = [...echoes, echo];
    draw();
    timeline.toEnd();
    const words = isCommand ? text : withMentions(text, state?.people ?? []);
    const isSaid = await tell(
      server.say({ as, channel, text: words, ...(threadTs === undefined ? {} : { threadTs }) }),
    );
    echoes = echoes.map((known) => (known === echo ? { ...echo, isWaiting: false } : known));
    draw();
    return isSaid;
  };

  const go = (next: Place): void => {
    const hasMoved = next.room !== place.room;
    const hasChanged = next.as !== place.as;
    place = next;
    history.replaceState(null, '', writePlace(place));
    unread.delete(place.room);
    if (hasChanged) listen();
    else draw();
    if (place.room === HOME && (hasMoved || hasChanged)) void tell(server.home({ as: place.as }));
    if (hasMoved) timeline.toEnd();
  };
  const closeThread = (): void => {
    const opener = stage.querySelector<HTMLElement>('.thread-button[aria-expanded=true]');
    go({ as: place.as, room: place.room });
    opener?.focus();
  };

  const composer = createComposer((text) => say(text));
  const replyComposer = createComposer((text) => say(text, place.threadTs));
  const prompts = createPrompts(composer.fill);
  const cast = createCast((as) => go({ ...place, as }));
  const rooms = createRooms((room) => go({ as: place.as, room }));
  const topbar = createTopbar(cast.button);
  const timeline = createTimeline('Messages', {
    surface: onMessage,
    openThread: ({ ts }) => {
      go({ as: place.as, room: place.room, threadTs: ts });
      thread.node.querySelector<HTMLElement>('textarea')?.focus();
    },
  });
  const thread = createThread({ surface: onMessage }, replyComposer, closeThread);
  const home = createHome(onView);
  const modals = createModals({
    surface: onView,
    submit: ({ id }, values) => server.submit({ as: place.as, viewId: id, values }),
    close: ({ id }) => void tell(server.close({ as: place.as, viewId: id })),
    say: toasts.say,
  });
  const spoken = el('div', { class: 'spoken', role: 'status', 'aria-live': 'polite' });
  const stage = el('main', { class: 'stage', id: 'stage', role: 'tabpanel' }, timeline.node, home.node);
  root.replaceChildren(
    topbar.node,
    el('div', { class: 'columns' }, cast.list, rooms.node, stage, prompts.node, composer.node, thread.node),
    toasts.node,
    spoken,
  );

  const showCast = whenChanged(cast.show);
  const showRooms = whenChanged(rooms.show);
  const showPrompts = whenChanged(prompts.show);
  const introOf = whenChanged(drawIntro);
  const welcomeOf = whenChanged((first: Suggestion | undefined, story: string) =>
    drawWelcome(first, story, composer.fill),
  );

  const draw = (): void => {
    if (state === undefined) return;
    const { as, room, threadTs } = place;
    const channel = state.channels.find(({ id }) => id === room);
    const isHome = room === HOME;
    const parent = state.messages.find((message) => message.channel === room && message.ts === threadTs);
    topbar.show(state.story, !isReachable ? 'server-away' : state.isBotConnected ? 'connected' : 'bot-away');
    showCast(state.people, as);
    showRooms(state.channels, room, [...unread]);
    stage.setAttribute('aria-labelledby', `room-${room}`);
    root.classList.toggle('is-home', isHome);
    root.classList.toggle('has-thread', parent !== undefined);
    timeline.node.hidden = isHome;
    home.node.hidden = !isHome;
    home.show(state.home);
    showPrompts(isHome ? [] : state.suggestions);
    composer.node.hidden = isHome;
    composer.show(`Message ${channel === undefined ? '' : titleOf(channel)} or type /`, state.suggestions);
    replyComposer.show('Reply…', []);
    const { messages } = state;
    const lines = timelineOf(messages, room).map((message) => ({
      message,
      replies: repliesTo(messages, room, message.ts).length,
      isOpen: message.ts === threadTs,
    }));
    const asked = echoes.filter((echo) => echo.as === as && echo.channel === room);
    const isEmpty = lines.length + asked.length === 0;
    timeline.show(lines, asked, [
      ...(channel === undefined ? [] : [introOf(channel, isEmpty ? '' : state.story)]),
      ...(isEmpty ? [welcomeOf(state.suggestions[0], state.story)] : []),
    ]);
    thread.show(parent, parent === undefined ? [] : repliesTo(messages, room, parent.ts));
    modals.show(state.modals);
  };

  const onState = (next: State): void => {
    const isFirst = state === undefined;
    state = next;
    place = { ...place, as: next.as, room: roomFor(next.channels, place.room) };
    history.replaceState(null, '', writePlace(place));
    draw();
    if (isFirst) timeline.toEnd();
    if (isFirst && place.room === HOME) void tell(server.home({ as: place.as }));
  };
  const onEvent = (event: ServerEvent): void => {
    if (state === undefined) return;
    const before = state;
    state = applied(state, event);
    if (event.type === 'message') announce(before, event.message);
    draw();
  };
  const announce = (before: State, message: Message): void => {
    if (before.messages.some(({ channel, ts }) => channel === message.channel && ts === message.ts)) return;
    if (message.channel !== place.room) unread.add(message.channel);
    else if (message.from !== place.as)
      spoken.textContent = `${before.people.find(({ id }) => id === message.from)?.name ?? message.from}: ${message.text}`;
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
  window.addEventListener('hashchange', () => go({ ...place, ...readPlace(location.hash) }));
  listen();
}
