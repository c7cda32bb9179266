import type { Clock } from './clock.ts';
import type { Deliveries } from './deliveries.ts';
import type { Faults } from './faults.ts';
import type { Feed } from './feed.ts';
import type { Files } from './files.ts';
import type { ApiCall, Journal } from './journal.ts';
import type { MessageBoard } from './messages.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { SocketLink } from './socket-link.ts';
import type { Triggers } from './triggers.ts';
import type { Views } from './views.ts';
import type { World } from './world.ts';

/** What the app was installed with. */
export type Installation = {
  readonly botToken: string;
  readonly appToken: string;
  readonly scopes: readonly string[];
  /** Slash commands with their slash. */
  readonly commands: readonly string[];
};

/** Everything that the sandbox holds, for those who answer calls and carry what people do. */
export type Workspace = {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** It changes: people leave, are made guests, join groups. */
  world: World;
  readonly clock: Clock;
  readonly installation: Installation;
  /** Tokens that Slack no longer takes. */
  readonly revokedTokens: Set<string>;
  readonly feed: Feed;
  readonly messages: MessageBoard;
  readonly views: Views;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly files: Files;
  readonly sockets: SocketLink;
  readonly deliveries: Deliveries;
  readonly faults: Faults;
  readonly calls: Journal<ApiCall>;
};
