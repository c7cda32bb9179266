import type { Logger } from '@slack/bolt';
import { SocketModeReceiver } from '@slack/bolt';
import type { Clock, Log } from '../ports/host.ts';
import { type Meter, UNMETERED } from '../ports/meter.ts';
import { within } from '../ports/within.ts';
import { acknowledgeInAnyCase, hearFarewells } from './acknowledge.ts';
import { clientOptions, isShutOut, rateLimitMs } from './web-clients.ts';

/**
 * A Socket Mode connection that comes back by itself. Slack ends each after some hours, and Bolt's own way back waits five
 * seconds first (socket-mode 3.1), in which every command fails; it also gives up by a rejection that nobody can catch. So
 * Bolt's is switched off, and this one opens the next connection at once, before the last one ends where Slack says farewell.
 */
export type Socket = {
  readonly receiver: SocketModeReceiver;
  isConnected(): boolean;
  /** Connects, and keeps connected from then on. @throws when the first connection fails */
  open(): Promise<void>;
  close(): Promise<void>;
};

export type SocketAccess = {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly logger: Logger;
  readonly log: Log;
  readonly clock: Clock;
  /** The connection is lost for good; only a person can help. */
  readonly onFatal: (error: unknown) => void;
  readonly meter?: Meter | undefined;
};

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Slack warns some ten seconds ahead. */
const LINGER_MS = 5000;
/** Slack says hello within a second or two; a call and a connection may each take ten until they give up. */
const HELLO_WITHIN_MS = 30_000;

export function openSocket({
  appToken,
  apiUrl,
  logger,
  log,
  clock,
  onFatal,
  meter = UNMETERED,
}: SocketAccess): Socket {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(apiUrl, logger, 0) },
    customPropertiesExtractor: ({ envelope_id }: { envelope_id?: unknown }) => ({ deliveryId: envelope_id }),
  });
  const { client } = receiver;
  const closed = new AbortController();
  let isConnected = false;
  let isReturning = false;
  let needsAnother = false;

  const connect = () =>
    within(clock, HELLO_WITHIN_MS, client.start(), () => new Error('Slack said no hello'));

  const comeBack = async () => {
    needsAnother = true;
    if (isReturning) return;
    isReturning = true;
    for (let waitMs = FIRST_WAIT_MS; needsAnother && !closed.signal.aborted; waitMs *= 2) {
      try {
        await connect();
        log.info({}, 'connected to Slack again');
      } catch (error) {
        if (closed.signal.aborted) break;
        if (isShutOut(error)) {
          // The last connection may end after this; nothing is tried again then.
          closed.abort();
          isConnected = false;
          onFatal(error);
          break;
        }
        const pauseMs = rateLimitMs(error) ?? Math.min(waitMs, LONGEST_WAIT_MS);
        log.warn({ err: error, pauseMs }, 'no connection to Slack; trying again');
        await clock.wait(pauseMs, closed.signal);
      }
    }
    isReturning = false;
  };

  /** The old connection carries on until the new one does, and a little longer for what is on its way. */
  const replace = async () => {
    const old = linkOf(client);
    await comeBack();
    await clock.wait(LINGER_MS, closed.signal);
    if (old !== linkOf(client)) old?.disconnect();
  };

  const acknowledgeAgain = acknowledgeInAnyCase(client, clock, closed.signal);
  let hasSaidFarewell = false;
  hearFarewells(client, log, () => {
    hasSaidFarewell = true;
    void replace();
  });
  client.on('connected', () => {
    if (!hasSaidFarewell) acknowledgeAgain();
    hasSaidFarewell = false;
    isConnected = true;
    needsAnother = false;
    meter.slackConnected();
  });
  return {
    receiver,
    isConnected: () => isConnected,
    open: async () => {
      await connect();
      client.on('disconnected', () => {
        isConnected = false;
        void comeBack();
      });
      if (!isConnected) void comeBack();
    },
    close: async () => {
      closed.abort();
      await client.disconnect();
    },
  };
}

/** The client's present connection, which it keeps to itself. */
function linkOf(client: SocketModeReceiver['client']): { disconnect(): void } | undefined {
  return Reflect.get(client, 'websocket');
}
