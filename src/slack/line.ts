import type { AddressInfo } from 'node:net';
import { type AppOptions, HTTPReceiver, type HTTPReceiverOptions, type Logger } from '@slack/bolt';
import type { Clock, Log } from '../ports/host.ts';
import type { Meter } from '../ports/meter.ts';
import { BODY_LIMIT_BYTES, beforeBolt } from './http-front.ts';
import { openSocket } from './socket.ts';

export type LineOptions = {
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
  readonly log: Log;
  readonly clock: Clock;
  /** The connection is lost for good: say so and exit, and let the supervisor start anew. */
  readonly onFatal: (error: unknown) => void;
  readonly meter?: Meter;
};

/** As the manifest names it. */
const ENDPOINT = '/slack/events';

type Hidden = { reveal(): string };

/** How Slack reaches us: over a socket that we open, or by requests to an address of ours. */
export type Line = {
  readonly receiver: NonNullable<AppOptions['receiver']>;
  isConnected(): boolean;
  start(): Promise<AddressInfo | undefined>;
  stop(): Promise<void>;
};

export function openLine({ settings, http, log, clock, onFatal, meter }: LineOptions, logger: Logger): Line {
  if (settings.mode.type === 'http') return httpLine(settings.mode.signingSecret, http, logger);
  const socket = openSocket({
    appToken: settings.mode.appToken.reveal(),
    apiUrl: settings.apiUrl,
    logger,
    log,
    clock,
    onFatal,
    meter,
  });
  return {
    receiver: socket.receiver,
    isConnected: socket.isConnected,
    start: async () => {
      await socket.open();
      return undefined;
    },
    stop: socket.close,
  };
}

function httpLine(signingSecret: Hidden, { host, port, routes }: LineOptions['http'], logger: Logger): Line {
  const receiver = new HTTPReceiver({
    signingSecret: signingSecret.reveal(),
    customRoutes: routes,
    logger,
    endpoints: [ENDPOINT],
    bodyLimit: BODY_LIMIT_BYTES,
    // Bolt lets an identical request through again for five minutes; its signature tells it from every other.
    customPropertiesExtractor: ({ headers }) => ({ deliveryId: headers['x-slack-signature'] }),
  });
  receiver.requestListener = beforeBolt(receiver.requestListener, ENDPOINT, signingSecret.reveal());
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
