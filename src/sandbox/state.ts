import type { Happening } from './feed.ts';
import type { Channel, Person, ServerEvent, State, Suggestion } from './page/api.ts';
import { forPage, isSeenBy } from './posted.ts';
import { viewForPage } from './views.ts';
import type { Workspace } from './workspace.ts';
import { allChannels } from './world.ts';

/** What the page says about the demo. */
export type Programme = { readonly story: string; readonly suggestions: readonly Suggestion[] };

/** Everything that one person has before them. */
export function stateFor(workspace: Workspace, { story, suggestions }: Programme, as: string): State {
  const { world, messages, views, deliveries } = workspace;
  const home = views.homeOf(as);
  return {
    as,
    people: peopleOf(workspace),
    channels: channelsOf(workspace, as),
    messages: messages
      .all()
      .filter((message) => isSeenBy(world, as, message))
      .map(forPage),
    modals: views.modalsOf(as).map(viewForPage),
    ...(home === undefined ? {} : { home: viewForPage(home) }),
    suggestions,
    isBotConnected: deliveries.isBotReachable,
    story,
  };
}

/** A happening as one person is told of it; nothing if it does not concern them. */
export function eventFor({ world }: Workspace, as: string, happening: Happening): ServerEvent | undefined {
  switch (happening.type) {
    case 'message':
      if (!isSeenBy(world, as, happening.message)) return undefined;
      return { type: 'message', message: forPage(happening.message) };
    case 'deleted': {
      if (!isSeenBy(world, as, happening.message)) return undefined;
      const { channel, ts } = happening.message;
      return { type: 'deleted', channel, ts };
    }
    case 'modals':
      return happening.person === as ? { type: 'modals', modals: happening.modals } : undefined;
    case 'home':
      return happening.person === as ? { type: 'home', home: happening.home } : undefined;
    case 'bot':
      return happening;
    default:
      return happening satisfies never;
  }
}

function peopleOf({ world: { people, bot } }: Workspace): readonly Person[] {
  return [
    ...people.map(({ id, name, title, note, isBot = false }) => ({ id, name, title, note, isBot })),
    { id: bot.userId, name: bot.name, title: 'App', note: 'the app', isBot: true },
  ];
}

function channelsOf({ world }: Workspace, as: string): readonly Channel[] {
  return allChannels(world)
    .filter(({ members }) => members.includes(as))
    .map(({ id, name, topic, isExternal }) => ({ id, name, topic, isExternal }));
}
