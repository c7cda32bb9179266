import type { Message, Person, Press, State, SubmitOutcome, Suggestion, Values, View } from './api.ts';
import { surfaceOn } from './blocks/index.ts';
import { el, whenChanged } from './el.ts';
import type { Form } from './form.ts';
import { repliesTo, timelineOf } from './live.ts';
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
import { type Connection, createTopbar } from './parts/topbar.ts';
import { HOME, type Place, titleOf } from './place.ts';
import type { Surface } from './surface.ts';

/** Everything that decides what is seen. */
type Situation = {
  readonly state: State;
  readonly place: Place;
  readonly connection: Connection;
  /** Channels in which something was said since the reader left them. */
  readonly unread: readonly string[];
  readonly echoes: readonly Echo[];
};

/** Everything that a person can do here. */
export type Deeds = {
  readonly actAs: (as: string) => void;
  readonly enter: (room: string, threadTs?: string) => void;
  readonly say: (text: string, threadTs?: string) => Promise<boolean>;
  readonly press: (what: Omit<Press, 'as'>) => Promise<void>;
  readonly submit: (view: View, values: Values) => Promise<SubmitOutcome>;
  readonly close: (view: View) => void;
};

type Screen = {
  /** Draws what has changed. */
  readonly show: (situation: Situation) => void;
  readonly complain: (problem: string) => void;
  /** Said to screen readers only. */
  readonly speak: (words: string) => void;
  readonly toEnd: () => void;
};

/** Puts the parts together. It holds no state of its own but the situation that it shows. */
export function createScreen(root: HTMLElement, deeds: Deeds): Screen {
  let now: Situation | undefined;
  const surfaces = surfacesFor(() => now?.state, deeds);
  const room = (): string => now?.place.room ?? HOME;

  const toasts = createToasts();
  const composer = createComposer((text) => deeds.say(text));
  const replyComposer = createComposer((text) => deeds.say(text, now?.place.threadTs));
  const prompts = createPrompts(composer.fill);
  const cast = createCast(deeds.actAs);
  const rooms = createRooms((id) => deeds.enter(id));
  const topbar = createTopbar(cast.button);
  const timeline = createTimeline('Messages', {
    surface: surfaces.onMessage,
    openThread: ({ ts }) => {
      deeds.enter(room(), ts);
      thread.node.querySelector<HTMLElement>('textarea')?.focus();
    },
  });
  const thread = createThread({ surface: surfaces.onMessage }, replyComposer, () => {
    const opener = timeline.node.querySelector('[aria-expanded=true]')?.closest('[data-ts]');
    deeds.enter(room());
    const ts = opener?.getAttribute('data-ts') ?? '';
    timeline.node.querySelector<HTMLElement>(`[data-ts="${CSS.escape(ts)}"] .thread-button`)?.focus();
  });
  const home = createHome(surfaces.onView);
  const modals = createModals({
    surface: surfaces.onView,
    submit: deeds.submit,
    close: deeds.close,
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

  const showTopbar = whenChanged(topbar.show);
  const showCast = whenChanged(cast.show);
  const showRooms = whenChanged(rooms.show);
  const showPrompts = whenChanged(prompts.show);
  const introOf = whenChanged(drawIntro);
  const welcomeOf = whenChanged((first: Suggestion | undefined, story: string) =>
    drawWelcome(first, story, composer.fill),
  );

  const show = (situation: Situation): void => {
    now = situation;
    const { state, place, connection, unread } = situation;
    const isHome = place.room === HOME;
    showTopbar(state.story, connection);
    showCast(state.people, place.as);
    showRooms(state.channels, place.room, unread);
    showPrompts(isHome ? [] : state.suggestions);
    stage.setAttribute('aria-labelledby', `room-${place.room}`);
    root.classList.toggle('is-home', isHome);
    timeline.node.hidden = isHome;
    composer.node.hidden = isHome;
    home.node.hidden = !isHome;
    home.show(state.home);
    showConversation(situation);
    modals.show(state.modals);
  };

  const showConversation = ({ state, place, echoes }: Situation): void => {
    const { messages, channels, suggestions, story } = state;
    const channel = channels.find(({ id }) => id === place.room);
    const lines = timelineOf(messages, place.room).map((message) => ({
      message,
      replies: repliesTo(messages, place.room, message.ts).length,
      isOpen: message.ts === place.threadTs,
    }));
    const isEmpty = lines.length + echoes.length === 0;
    timeline.show(lines, echoes, [
      ...(channel === undefined ? [] : [introOf(channel, isEmpty ? '' : story)]),
      ...(isEmpty ? [welcomeOf(suggestions[0], story)] : []),
    ]);
    composer.show(`Message ${channel === undefined ? '' : titleOf(channel)} or type /`, suggestions);
    replyComposer.show('Reply…', []);
    const parent = messages.find(({ channel: id, ts }) => id === place.room && ts === place.threadTs);
    root.classList.toggle('has-thread', parent !== undefined);
    thread.show(parent, parent === undefined ? [] : repliesTo(messages, place.room, parent.ts));
  };

  const speak = (words: string): void => {
    spoken.textContent = words;
  };
  return { show, speak, complain: toasts.say, toEnd: timeline.toEnd };
}

/** The name that people read; an id that nobody has stays an id. */
export function nameOf(people: readonly Person[], id: string): string {
  return people.find((person) => person.id === id)?.name ?? id;
}

function surfacesFor(state: () => State | undefined, { press }: Pick<Deeds, 'press'>) {
  const surface = (form: Form, where: { channel: string; ts: string } | { viewId: string }): Surface =>
    surfaceOn({
      form,
      people: state()?.people ?? [],
      channels: state()?.channels ?? [],
      names: {
        user: (id) => nameOf(state()?.people ?? [], id),
        channel: (id) => state()?.channels.find((channel) => channel.id === id)?.name ?? id,
      },
      press: (blockId, actionId, chosen) => {
        const what = { ...where, blockId, actionId, values: form.values() };
        return press(chosen === undefined ? what : { ...what, chosen });
      },
    });
  return {
    onMessage: ({ channel, ts }: Message, form: Form): Surface => surface(form, { channel, ts }),
    onView: ({ id }: View, form: Form): Surface => surface(form, { viewId: id }),
  };
}
