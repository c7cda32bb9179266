import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, type HTTPReceiverOptions, type Logger, type webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Clock, Log } from '../ports.ts';
import { boltLogger } from './bolt-logger.ts';
import { type Answer, type Conversation, converse } from './conversation.ts';
import { SeenDeliveries } from './deliveries.ts';
import { openDirectory } from './directory.ts';
import { keepHome } from './home.ts';
import { attend } from './listen.ts';
import { RememberedAnswers } from './remembered.ts';
import { Running } from './running.ts';
import { openSocket } from './socket.ts';
import { Speech } from './speech.ts';
import { clientOptions, openWebClients, slackErrorCode } from './web-clients.ts';

export type SlackOptions = {
  readonly settings: {
    readonly botToken: Hidden;
    readonly apiUrl: string;
    readonly mode:
      | { readonly type: 'socket'; readonly appToken: Hidden }
      | { readonly type: 'http'; readonly signingSecret: Hidden };
  };
  /** Where HTTP mode listens, and what else is answered there. */
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly routes: NonNullable<HTTPReceiverOptions['customRoutes']>;
  };
  readonly answer: Answer;
  readonly log: Log;
  readonly clock: Clock;
  /** The connection is lost for good: say so and exit, and let the supervisor start anew. */
  readonly onFatal: (error: unknown) => void;
};

type Hidden = { reveal(): string };

export type SlackConnection = {
  isConnected(): boolean;
  /** The address of HTTP mode; undefined in Socket Mode. */
  readonly address: AddressInfo | undefined;
  /** Ends what runs, at most ten seconds of it, then the connection. */
  stop(): Promise<void>;
};

/** Slack could not be reached, or does not take the tokens, when the bot started. */
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
    throw new SlackUnavailable(error);
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

/** How Slack reaches us. */
type Line = {
  readonly receiver: NonNullable<ConstructorParameters<typeof App>[0]>['receiver'] & object;
  isConnected(): boolean;
  start(): Promise<AddressInfo | undefined>;
  stop(): Promise<void>;
};

function openLine({ settings, http, log, clock, onFatal }: SlackOptions, logger: Logger): Line {
  if (settings.mode.type === 'http') return httpLine(settings.mode.signingSecret, http, logger);
  const socket = openSocket({
    appToken: settings.mode.appToken.reveal(),
    apiUrl: settings.apiUrl,
    logger,
    log,
    clock,
    onFatal,
  });
  return {
    receiver: socket.receiver,
    isConnected: socket.isConnected,
    start: async () => {
      await socket.receiver.start();
      socket.keep();
      return undefined;
    },
    stop: socket.close,
  };
}

function httpLine(signingSecret: Hidden, { host, port, routes }: SlackOptions['http'], logger: Logger): Line {
  const receiver = new HTTPReceiver({
    signingSecret: signingSecret.reveal(),
    customRoutes: routes,
    logger,
    // Bolt lets an identical request through again for five minutes; its signature tells it from every other.
    customPropertiesExtractor: ({ headers }) => ({ deliveryId: headers['x-slack-signature'] }),
  });
  let isListening = false;
  return {
    receiver,
    isConnected: () => isListening,
    start: async () => {
      const server = await receiver.start({ host, port });
      isListening = true;
      const address = server.address();
      return typeof address === 'string' || address === null ? undefined : address;
    },
    stop: async () => {
      isListening = false;
      await receiver.stop();
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
