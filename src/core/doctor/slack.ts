import { judgeClock } from './clock.ts';
import { type Finding, good, unknown, warning, wrong } from './finding.ts';
import { unaskedFinding } from './slack-unasked.ts';

/** What was found out in Slack, saying nothing there. Errors are Slack's own words. */
export type SlackFacts = {
  readonly bot:
    | {
        readonly type: 'in';
        readonly team: string;
        readonly user: string;
        readonly scopes: readonly string[] | undefined;
      }
    | { readonly type: 'out'; readonly error: string };
  /** Undefined in HTTP mode, which has none. */
  readonly appToken: { readonly error: string | undefined } | undefined;
  readonly channels: readonly ChannelFound[];
  readonly members: readonly MemberFound[];
  readonly clockAheadMs: number | undefined;
};

export type ChannelFound = {
  readonly id: string;
  /** "alerts.channel": what it is for. */
  readonly setting: string;
  /** The bot posts there by itself, and can't without being in it. */
  readonly isPostedTo: boolean;
  readonly found:
    | { readonly error: string }
    | {
        readonly name: string;
        readonly isMember: boolean;
        readonly isArchived: boolean;
        readonly isExternal: boolean;
      };
};

export type MemberFound = {
  readonly id: string;
  readonly setting: string;
  readonly found: { readonly error: string } | { readonly people: readonly string[] };
};

/** As the manifest asks for them; what each is for stands there. */
export const SCOPES = [
  'commands',
  'chat:write',
  'users:read',
  'channels:read',
  'groups:read',
  'usergroups:read',
];

const SLACK = 'Slack';
/** Slack's Date header has whole seconds, and takes a way of its own. */
const DATE_TOLERANCE_MS = 5000;

export function judgeSlack(facts: SlackFacts): readonly Finding[] {
  const { bot } = facts;
  if (bot.type === 'out') return ofBotOutside(bot.error, facts);
  return [
    good(SLACK, `The bot token is taken: ${bot.user} in ${bot.team}.`),
    ofScopes(bot.scopes),
    ...ofAppToken(facts),
    ...facts.channels.map(ofChannel),
    ...facts.members.map(ofMember),
    judgeClock(SLACK, 'Its', facts.clockAheadMs, DATE_TOLERANCE_MS),
  ];
}

function ofBotOutside(error: string, facts: SlackFacts): readonly Finding[] {
  if (error === 'unreachable') {
    return [
      wrong(
        SLACK,
        'Slack could not be reached.',
        'Look at the network, the proxy, SLACK_API_URL and status.slack.com.',
      ),
    ];
  }
  return [
    unaskedFinding(SLACK, 'Slack', error) ??
      wrong(
        SLACK,
        `Slack does not take SLACK_BOT_TOKEN: ${error}.`,
        'In the app’s settings, OAuth & Permissions: install the app, and copy the Bot User OAuth Token.',
      ),
    ...ofAppToken(facts),
  ];
}

function ofScopes(scopes: readonly string[] | undefined): Finding {
  if (scopes === undefined) {
    return unknown(SLACK, 'Slack did not say which scopes the token has.', 'Compare them with manifest.yml.');
  }
  const missing = SCOPES.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return good(SLACK, 'The token has every scope of the manifest.');
  return wrong(
    SLACK,
    `The token lacks ${missing.length === 1 ? 'the scope' : 'the scopes'} ${missing.join(', ')}.`,
    'Add them in the app’s settings, OAuth & Permissions, then press Reinstall to Workspace.',
  );
}

function ofAppToken({ appToken }: SlackFacts): readonly Finding[] {
  if (appToken === undefined) {
    return [
      unknown(
        SLACK,
        'Whether SLACK_SIGNING_SECRET is right shows only when Slack sends something.',
        'Type /sidekiq help; a wrong secret is answered with 401 and logged.',
      ),
    ];
  }
  const { error } = appToken;
  if (error === undefined) return [good(SLACK, 'The app token opens sockets.')];
  const asked =
    error === 'missing_scope'
      ? undefined
      : unaskedFinding(SLACK, 'Whether the app token opens sockets', error);
  return [
    asked ??
      wrong(
        SLACK,
        `Slack does not take SLACK_APP_TOKEN: ${error}.`,
        'In the app’s settings: Socket Mode on, and Basic Information, App-Level Tokens, with the scope connections:write.',
      ),
  ];
}

function ofChannel({ id, setting, found, isPostedTo }: ChannelFound): Finding {
  if ('error' in found) {
    return (
      unaskedFinding(SLACK, `${setting}: what the channel ${id} is`, found.error) ??
      wrong(
        SLACK,
        `${setting}: the channel ${id} can’t be found (${found.error}).`,
        'Check the id; if it is private, invite the bot there with /invite.',
      )
    );
  }
  const name = `${setting}: #${found.name}`;
  if (found.isArchived) return wrong(SLACK, `${name} is archived.`, 'Unarchive it, or name another.');
  if (found.isExternal) {
    return wrong(
      SLACK,
      `${name} is shared with another organisation, and the bot says nothing there.`,
      'Name a channel that only your own people read.',
    );
  }
  if (found.isMember) return good(SLACK, `${name} is there, and the bot is in it.`);
  const judged = isPostedTo ? wrong : warning;
  const why = isPostedTo
    ? 'the bot can’t post there'
    : 'answers work, but nothing can be shared or proposed there';
  return judged(SLACK, `${name}: the bot is not in it, so ${why}.`, 'Type /invite @Poison Control there.');
}

function ofMember({ id, setting, found }: MemberFound): Finding {
  if ('error' in found) {
    return (
      unaskedFinding(SLACK, `${setting}: who is in ${id}`, found.error) ??
      wrong(
        SLACK,
        `${setting}: Slack does not know ${id} (${found.error}).`,
        'Name the id of a user (U…) or a user group (S…); the profile’s ⋯ menu copies it.',
      )
    );
  }
  if (found.people.length === 0) {
    return wrong(SLACK, `${setting}: nobody who may act is in ${id}.`, 'Put people in, or name others.');
  }
  return good(
    SLACK,
    `${setting}: ${id} stands for ${found.people.length} ${found.people.length === 1 ? 'person' : 'people'}.`,
  );
}
