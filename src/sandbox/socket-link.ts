import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Fields, isFields, textIn } from './fields.ts';

/**
 * Socket Mode as a server (reference/slack.md, section 4): a ticket good for one connection, a hello, envelopes that
 * each go to one of the connections, acknowledgements, and a farewell.
 */

/** Slack takes ten connections of one app. */
const CONNECTIONS_MAX = 10;
const TICKETS_MAX = 1_000;
/** Slack's own is about five hours; `debug_reconnects=true` makes it six minutes. */
const CONNECTION_TIME_S = 18_060;
const DEBUG_CONNECTION_TIME_S = 360;
const FRAME_MAX_BYTES = 1_000_000;
/** A bot that does not answer the goodbye is cut off. */
const FAREWELL_MS = 500;

export type DisconnectReason = 'warning' | 'refresh_requested' | 'too_many_websockets' | 'link_disabled';

type Told = {
  readonly onAck: (envelopeId: string, payload: unknown) => void;
  readonly onChange: (isConnected: boolean) => void;
};

export class SocketLink {
  readonly #appId: string;
  readonly #told: Told;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: FRAME_MAX_BYTES });
  readonly #tickets = new Set<string>();
  readonly #sockets = new Map<WebSocket, number>();
  #connectionsMade = 0;
  #turn = 0;

  constructor(appId: string, told: Told) {
    this.#appId = appId;
    this.#told = told;
  }

  get connectionCount(): number {
    return this.#sockets.size;
  }

  /** For `apps.connections.open`: the right to connect once. */
  issueTicket(): string {
    const ticket = randomBytes(16).toString('hex');
    this.#tickets.add(ticket);
    const [oldest] = this.#tickets;
    if (this.#tickets.size > TICKETS_MAX && oldest !== undefined) this.#tickets.delete(oldest);
    return ticket;
  }

  /** An HTTP request that asks to become a WebSocket. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'ws://127.0.0.1');
    const ticket = searchParams.get('ticket') ?? '';
    if (pathname !== '/link/' || !this.#tickets.delete(ticket)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const isShort = searchParams.get('debug_reconnects') === 'true';
    this.#server.handleUpgrade(request, socket, head, (link) => this.#welcome(link, isShort));
  }

  /** Sends to the next connection in turn and answers its number, or nothing if there is none. */
  send(envelope: Fields): number | undefined {
    const open = [...this.#sockets].filter(([link]) => link.readyState === link.OPEN);
    const chosen = open[this.#turn++ % Math.max(open.length, 1)];
    if (chosen === undefined) return undefined;
    const [link, number] = chosen;
    link.send(JSON.stringify(envelope));
    return number;
  }

  /** Slack says goodbye, or, without a reason, the line just breaks. */
  cut(reason?: DisconnectReason): void {
    for (const link of this.#sockets.keys()) {
      if (reason === undefined) link.terminate();
      else this.#dismiss(link, reason);
    }
  }

  /** Ends politely, so that the bot sees a closed connection rather than a broken one. */
  async close(): Promise<void> {
    const links = [...this.#sockets.keys()];
    const ended = Promise.all(links.map((link) => once(link, 'close')));
    for (const link of links) link.close(1001);
    const impatience = setTimeout(() => this.cut(), FAREWELL_MS);
    await ended;
    clearTimeout(impatience);
    this.#server.close();
  }

  #welcome(link: WebSocket, isShort: boolean): void {
    link.on('error', () => link.terminate());
    if (this.#sockets.size >= CONNECTIONS_MAX) {
      this.#dismiss(link, 'too_many_websockets');
      return;
    }
    this.#sockets.set(link, ++this.#connectionsMade);
    link.on('close', () => {
      this.#sockets.delete(link);
      if (this.#sockets.size === 0) this.#told.onChange(false);
    });
    link.on('message', (data, isBinary) => {
      const frame = isBinary ? undefined : parse(String(data));
      const envelopeId = frame === undefined ? undefined : textIn(frame, 'envelope_id');
      if (envelopeId !== undefined) this.#told.onAck(envelopeId, frame?.['payload']);
    });
    const hello = {
      type: 'hello',
      num_connections: this.#sockets.size,
      connection_info: { app_id: this.#appId },
      debug_info: {
        host: 'sandbox',
        build_number: 1,
        approximate_connection_time: isShort ? DEBUG_CONNECTION_TIME_S : CONNECTION_TIME_S,
      },
    };
    link.send(JSON.stringify(hello));
    if (this.#sockets.size === 1) this.#told.onChange(true);
  }

  #dismiss(link: WebSocket, reason: DisconnectReason): void {
    link.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } }));
    // The warning comes ahead of the end; every other reason is the end.
    if (reason !== 'warning') link.close(1000);
  }
}

function parse(text: string): Fields | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return isFields(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}
