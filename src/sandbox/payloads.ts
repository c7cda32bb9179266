import type { ElementState } from './element-state.ts';
import type { Placed } from './elements.ts';
import type { Fields } from './fields.ts';
import { forApi, type Posted } from './posted.ts';
import { type OpenView, viewForApi } from './views.ts';
import { teamOf, type World, type WorldChannel, type WorldPerson } from './world.ts';

/** What Slack sends when people do something (reference/slack.md, section 6). Pure. */

/** Slack's old way to prove itself; still a field of every payload. */
const VERIFICATION_TOKEN = 'sandbox';

export function slashCommand(
  world: World,
  by: WorldPerson,
  typed: {
    readonly command: string;
    readonly text: string;
    readonly channel: WorldChannel;
    readonly responseUrl: string;
    readonly triggerId: string;
  },
): Fields {
  const team = teamOf(world, by);
  return {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: typed.channel.id,
    channel_name: nameOf(typed.channel),
    user_id: by.id,
    user_name: by.name.toLowerCase(),
    command: typed.command,
    text: typed.text,
    api_app_id: world.bot.appId,
    is_enterprise_install: 'false',
    response_url: typed.responseUrl,
    trigger_id: typed.triggerId,
  };
}

/** What every interaction carries, whatever was pressed. */
function interaction(world: World, by: WorldPerson, triggerId: string): Fields {
  const team = teamOf(world, by);
  const name = by.name.toLowerCase();
  return {
    user: { id: by.id, username: name, name, team_id: team.id },
    api_app_id: world.bot.appId,
    token: VERIFICATION_TOKEN,
    trigger_id: triggerId,
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export type Pressed = Placed & {
  readonly held: ElementState | undefined;
  readonly atMs: number;
  readonly triggerId: string;
  readonly values: Fields;
};

function actionOf({ block, element, held, atMs }: Pressed): Fields {
  const { type, action_id, value, text, style, confirm } = element;
  return {
    action_id,
    block_id: block['block_id'],
    ...(held ?? { type, text, ...(value === undefined ? {} : { value }) }),
    ...(style === undefined || held !== undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm }),
    action_ts: (atMs / 1000).toFixed(6),
  };
}

/** An element of a message. An ephemeral message is named, never quoted. */
export function messageAction(
  world: World,
  by: WorldPerson,
  pressed: Pressed & {
    readonly message: Posted;
    readonly channel: WorldChannel;
    readonly responseUrl: string;
  },
): Fields {
  const { message, channel } = pressed;
  const isEphemeral = message.onlyFor !== undefined;
  return {
    type: 'block_actions',
    ...interaction(world, by, pressed.triggerId),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    },
    channel: { id: channel.id, name: nameOf(channel) },
    ...(isEphemeral ? {} : { message: forApi(world, message) }),
    state: { values: pressed.values },
    response_url: pressed.responseUrl,
    actions: [actionOf(pressed)],
  };
}

/** An element of a modal or of the Home tab: a view in place of the message, and no response_url. */
export function viewAction(
  world: World,
  by: WorldPerson,
  pressed: Pressed & { readonly view: OpenView },
): Fields {
  return {
    type: 'block_actions',
    ...interaction(world, by, pressed.triggerId),
    container: { type: 'view', view_id: pressed.view.id },
    view: viewForApi(world, pressed.view, pressed.values),
    actions: [actionOf(pressed)],
  };
}

export function viewSubmission(
  world: World,
  by: WorldPerson,
  submitted: { readonly view: OpenView; readonly values: Fields; readonly triggerId: string },
): Fields {
  return {
    type: 'view_submission',
    ...interaction(world, by, submitted.triggerId),
    view: viewForApi(world, submitted.view, submitted.values),
    response_urls: [],
  };
}

export function viewClosed(world: World, by: WorldPerson, view: OpenView, isCleared: boolean): Fields {
  const { trigger_id: _none, ...common } = interaction(world, by, '');
  return { type: 'view_closed', ...common, view: viewForApi(world, view), is_cleared: isCleared };
}

/** The wrapper that the Events API puts around an event. */
function event(world: World, eventId: string, atMs: number, inner: Fields): Fields {
  return {
    token: VERIFICATION_TOKEN,
    team_id: world.team.id,
    api_app_id: world.bot.appId,
    event: inner,
    type: 'event_callback',
    event_id: eventId,
    event_time: Math.floor(atMs / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: world.team.id,
        user_id: world.bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
}

export type Occurrence = { readonly eventId: string; readonly atMs: number };

export function appHomeOpened(
  world: World,
  by: WorldPerson,
  { eventId, atMs }: Occurrence,
  channel: WorldChannel,
  home: OpenView | undefined,
): Fields {
  return event(world, eventId, atMs, {
    type: 'app_home_opened',
    user: by.id,
    channel: channel.id,
    tab: 'home',
    ...(home === undefined ? {} : { view: viewForApi(world, home) }),
    event_ts: (atMs / 1000).toFixed(6),
  });
}

export function appMention(
  world: World,
  by: WorldPerson,
  { eventId, atMs }: Occurrence,
  message: Posted,
): Fields {
  return event(world, eventId, atMs, {
    type: 'app_mention',
    user: by.id,
    text: message.text,
    ts: message.ts,
    channel: message.channel,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    event_ts: message.ts,
  });
}

function nameOf(channel: WorldChannel): string {
  return channel.kind === 'im' ? 'directmessage' : channel.name;
}
