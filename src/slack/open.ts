import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { ChatTime, Directory } from '../ports/chat.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { Meter } from '../ports/meter.ts';
import { boltLogger } from './bolt-logger.ts';
import { type OpenChat, openChat } from './chat.ts';
import { openDirectory } from './directory.ts';
import { SlackTime } from './time.ts';
import { openWebClients, slackErrorCode, type WebClients } from './web-clients.ts';

export type SlackAccess = {
  readonly settings: { readonly botToken: Hidden; readonly apiUrl: string };
  readonly log: Log;
  readonly clock: Clock;
  readonly meter?: Meter;
  /** Slack has let the bot in and no longer does; only a person can help. */
  readonly onFatal?: (error: SlackUnavailable) => void;
};

type Hidden = { reveal(): string };

/** Slack as far as it can be called: who is there, and what can be said. It does not listen yet. */
export type OpenSlack = {
  readonly chat: OpenChat;
  readonly directory: Directory;
  readonly self: Self;
  readonly time: ChatTime;
  readonly clients: WebClients;
  /** The bot is about to end: from now on nothing waits because Slack asks it to. */
  readonly hurry: () => void;
  /** For the waits that Slack asks for. */
  readonly hurriedClock: Clock;
};

/** The bot, and where it is installed. */
type Self = {
  readonly userId: string;
  readonly botId: string;
  readonly teamId: string;
  readonly enterpriseId: string | undefined;
};

/** Slack could not be reached, or does not take the tokens: when the bot started, or any more. */
export class SlackUnavailable extends Error {
  readonly code = 'slack_unavailable';
  constructor(cause: unknown) {
    const slackCode = slackErrorCode(cause);
    super(
      slackCode === undefined
        ? 'Slack could not be reached.'
        : `Slack does not let the bot in: ${slackCode}. Check its tokens and that the app is installed.`,
      { cause },
    );
    this.name = 'SlackUnavailable';
  }
}

/** @throws {SlackUnavailable} */
export async function openSlack({ settings, log, clock, meter, onFatal }: SlackAccess): Promise<OpenSlack> {
  const logger = boltLogger(log);
  let isIn = false;
  const heard = new SlackTime(clock);
  const clients = openWebClients({
    botToken: settings.botToken.reveal(),
    apiUrl: settings.apiUrl,
    logger,
    fetch: heard.fetch,
    ...(meter === undefined ? {} : { meter }),
    // Not before: that it does not get in at its start is thrown.
    onShutOut: (error) => {
      if (isIn) onFatal?.(new SlackUnavailable(error));
    },
  });
  const self = await identify(clients.replies);
  isIn = true;
  const hurrying = new AbortController();
  const hurry = hurrying.signal;
  const hurriedClock = hurriedBy(hurry, clock);
  const hear = () =>
    clients.replies.auth.test().then(
      () => {},
      () => {},
    );
  return {
    clients,
    self,
    directory: openDirectory(clients.replies, self, hurriedClock, log),
    time: { nowMs: () => heard.nowMs(), hear },
    chat: openChat(clients, clock, log, hurry),
    hurry: () => hurrying.abort(),
    hurriedClock,
  };
}

/** Its waits end early when there is a hurry. */
function hurriedBy(hurry: AbortSignal, clock: Clock): Clock {
  return {
    nowMs: () => clock.nowMs(),
    steadyMs: () => clock.steadyMs(),
    wait: (ms, signal) => clock.wait(ms, signal === undefined ? hurry : AbortSignal.any([hurry, signal])),
  };
}

const identity = z.looseObject({
  team_id: z.string(),
  user_id: z.string(),
  bot_id: z.string().default(''),
  enterprise_id: z.string().nullish(),
});

async function identify(client: webApi.WebClient): Promise<Self> {
  try {
    const self = identity.parse(await client.auth.test());
    const { team_id: teamId, user_id: userId, bot_id: botId, enterprise_id: enterprise } = self;
    return { teamId, userId, botId, enterpriseId: enterprise === '' ? undefined : (enterprise ?? undefined) };
  } catch (error) {
    throw new SlackUnavailable(error);
  }
}
