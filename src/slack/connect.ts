import type { AddressInfo } from 'node:net';
import { App, type webApi } from '@slack/bolt';
import { z } from 'zod';
import { boltLogger } from './bolt-logger.ts';
import { type Answer, type Conversation, converse } from './conversation.ts';
import { SeenDeliveries } from './deliveries.ts';
import { openDirectory } from './directory.ts';
import { keepHome } from './home.ts';
import { type LineOptions, openLine } from './line.ts';
import { attend } from './listen.ts';
import { RememberedAnswers } from './remembered.ts';
import { Running } from './running.ts';
import { Speech } from './speech.ts';
import { clientOptions, openWebClients, slackErrorCode } from './web-clients.ts';

export type SlackOptions = LineOptions & { readonly answer: Answer };

export type SlackConnection = {
  isConnected(): boolean;
  /** The address of HTTP mode; undefined in Socket Mode. */
  readonly address: AddressInfo | undefined;
  /** Ends what runs, at most ten seconds of it, then the connection. */
  stop(): Promise<void>;
};

/** Slack could not be reached, or does not take the tokens, when the bot started. */
class SlackUnavailable extends Error {
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

const DRAIN_WITHIN_MS = 10_000;

/** Connects, and answers from then on. @throws {SlackUnavailable} */
export async function startSlack(options: SlackOptions): Promise<SlackConnection> {
  const { settings, log, clock } = options;
  const logger = boltLogger(log);
  const clients = openWebClients({
    botToken: settings.botToken.reveal(),
    apiUrl: settings.apiUrl,
    logger,
  });
  const self = await identify(clients.replies);
  const running = new Running();
  const conversation: Conversation = {
    answer: options.answer,
    directory: openDirectory(clients.replies, self, clock, log),
    remembered: new RememberedAnswers(),
    speech: new Speech(clients, clock, log),
    seen: new SeenDeliveries(),
    running,
    log,
    clock,
  };
  const line = openLine(options, logger);
  const app = new App({
    receiver: line.receiver,
    token: settings.botToken.reveal(),
    // Known already: Bolt need not ask again, neither now nor at each delivery.
    botId: self.botId,
    botUserId: self.userId,
    tokenVerificationEnabled: false,
    // Else the constructor starts work whose failure nobody can catch.
    deferInitialization: true,
    convoStore: false,
    logger,
    clientOptions: clientOptions(settings.apiUrl, logger, 0),
  });
  await app.init();
  attend(app, conversation);
  converse(app, conversation);
  keepHome(app, conversation, clients);
  const address = await line.start().catch((error: unknown) => {
    // In HTTP mode it is our own port that can't be had.
    throw settings.mode.type === 'socket' ? new SlackUnavailable(error) : error;
  });
  const stop = async () => {
    const left = await running.drain(DRAIN_WITHIN_MS, clock);
    if (left > 0) log.warn({ left }, 'stopped before everybody was answered');
    await line.stop();
  };
  let stopped: Promise<void> | undefined;
  return {
    isConnected: line.isConnected,
    address,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

const identity = z.looseObject({
  team_id: z.string(),
  user_id: z.string(),
  bot_id: z.string().default(''),
  enterprise_id: z.string().nullish(),
});

async function identify(client: webApi.WebClient) {
  try {
    const self = identity.parse(await client.auth.test());
    const { team_id: teamId, user_id: userId, bot_id: botId, enterprise_id: enterprise } = self;
    return { teamId, userId, botId, enterpriseId: enterprise === '' ? undefined : (enterprise ?? undefined) };
  } catch (error) {
    throw new SlackUnavailable(error);
  }
}
