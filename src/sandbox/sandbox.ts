import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SCOPES as ASKED_FOR } from '../core/doctor/slack.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import { Deliveries } from './deliveries.ts';
import { Faults } from './faults.ts';
import { Feed } from './feed.ts';
import { Files } from './files.ts';
import { refuseStranger } from './guard.ts';
import { type ApiCall, Journal } from './journal.ts';
import { MessageBoard } from './messages.ts';
import type { Suggestion } from './page/api.ts';
import { People } from './people.ts';
import { serve } from './requests.ts';
import { ResponseUrls } from './response-urls.ts';
import { type DisconnectReason, SocketLink } from './socket-link.ts';
import type { Programme } from './state.ts';
import { Triggers } from './triggers.ts';
import { Views } from './views.ts';
import type { Installation, Workspace } from './workspace.ts';
import { ACME_PAYROLL, type World } from './world.ts';

/**
 * A local stand-in for Slack: its Web API, its Socket Mode, and a page to act as people in. An unmodified Bolt app talks
 * to it, and it refuses what Slack refuses (reference/slack.md, section 15).
 */

export type SandboxOptions = {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** By what name the bot finds this machine where it runs in a container; 127.0.0.1 otherwise. */
  readonly host?: string;
  readonly world?: World;
  readonly clock?: Clock;
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  readonly scopes?: readonly string[];
  readonly commands?: readonly string[];
  /** One sentence about the demo that is running. */
  readonly story?: string;
  readonly suggestions?: readonly Suggestion[];
};

/** What the manifest asks for, and more than that: an app that was installed long ago has what it once asked for. */
const SCOPES = [...ASKED_FOR, 'app_mentions:read', 'files:write'];

/** Starts a sandbox on the loopback; `await using` stops it. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const server = createServer();
  await listen(server, options.port ?? 0);
  return new Sandbox(server, options);
}

export class Sandbox {
  /** The address of the page. */
  readonly url: string;
  /** What the bot is given as SLACK_API_URL. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  /** Everything that tests do and see in people's place. */
  readonly people: People;
  /** Trouble on demand. */
  readonly faults: Faults;
  readonly #server: Server;
  readonly #workspace: Workspace;

  constructor(server: Server, options: SandboxOptions) {
    const { port } = server.address() as AddressInfo;
    const host = `${options.host ?? '127.0.0.1'}:${port}`;
    const origin = `http://${host}`;
    this.url = `http://127.0.0.1:${port}/`;
    this.apiUrl = `${origin}/api/`;
    this.botToken = options.botToken ?? 'xoxb-sandbox-bot';
    this.appToken = options.appToken ?? 'xapp-sandbox-app';
    this.signingSecret = options.signingSecret ?? 'sandbox-signing-secret';
    this.#server = server;
    this.#workspace = furnish(origin, options, {
      botToken: this.botToken,
      appToken: this.appToken,
      scopes: options.scopes ?? SCOPES,
      commands: options.commands ?? ['/sidekiq'],
    });
    this.people = new People(this.#workspace);
    this.faults = this.#workspace.faults;
    const programme: Programme = { story: options.story ?? '', suggestions: options.suggestions ?? [] };
    server.on('request', (request, response) => void serve(this.#workspace, programme, request, response));
    server.on('upgrade', (request, socket, head) => {
      if (refuseStranger(request.headers, host) === undefined) {
        this.#workspace.sockets.accept(request, socket, head);
      } else socket.destroy();
    });
  }

  /** What a bot needs in its environment to be reached by socket. */
  get env() {
    return {
      SLACK_API_URL: this.apiUrl,
      SLACK_BOT_TOKEN: this.botToken,
      SLACK_APP_TOKEN: this.appToken,
    };
  }

  /** Every call of the bot to the Web API so far. */
  get calls(): readonly ApiCall[] {
    return this.#workspace.calls.entries;
  }

  /** Everything sent to the bot so far, with its acknowledgements and how long they took. */
  get deliveries() {
    return this.#workspace.deliveries.all;
  }

  get connectionCount(): number {
    return this.#workspace.sockets.connectionCount;
  }

  /** Resolves once the bot has opened its socket. */
  async waitForBot(timeoutMs = 10_000): Promise<void> {
    await this.people.waitFor(() => (this.connectionCount > 0 ? true : undefined), timeoutMs);
  }

  /** From now on everything goes to the bot as signed POSTs to this address (HTTP mode). */
  deliverOverHttp(url: string): void {
    this.#workspace.deliveries.useHttp({ url, signingSecret: this.signingSecret });
    this.#workspace.feed.tell({ type: 'bot', isConnected: true });
  }

  /** From now on the workspace is this one: somebody has left, joined a group, become a guest. */
  changeWorld(change: (world: World) => World): void {
    this.#workspace.world = change(this.#workspace.world);
  }

  /** An admin revokes it. Deliveries go on: a socket that is open stays open. */
  revoke(token: string): void {
    this.#workspace.revokedTokens.add(token);
  }

  /** Slack says goodbye to the sockets of the bot or, without a reason, they just break. */
  cutSockets(reason?: DisconnectReason): void {
    this.#workspace.sockets.cut(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#workspace.sockets.close();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // Open event streams would keep the server alive for ever.
    this.#server.closeAllConnections();
    await closed;
  }
}

function furnish(origin: string, options: SandboxOptions, installation: Installation): Workspace {
  const { world = ACME_PAYROLL, clock = SYSTEM_CLOCK } = options;
  const feed = new Feed();
  const faults = new Faults();
  const deliveries: Deliveries = new Deliveries(clock, faults, () => sockets);
  const sockets = new SocketLink(world.bot.appId, {
    onAck: (envelopeId, payload) => deliveries.acknowledge(envelopeId, payload),
    onChange: (isConnected) => feed.tell({ type: 'bot', isConnected }),
  });
  return {
    origin,
    world,
    clock,
    installation,
    revokedTokens: new Set(),
    feed,
    faults,
    deliveries,
    sockets,
    messages: new MessageBoard(clock, feed),
    views: new Views(feed),
    triggers: new Triggers(clock),
    responseUrls: new ResponseUrls(clock),
    files: new Files(),
    calls: new Journal<ApiCall>(),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
