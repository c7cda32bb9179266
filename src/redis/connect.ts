import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Redis, type RedisOptions } from 'ioredis';
import { parseRedisAddress, placeOf, type RedisAddress } from '../core/redis-address.ts';
import type { Log } from '../ports/host.ts';
import { RedisUnavailable } from '../ports/reading.ts';
import type { Command } from './command.ts';
import { OwnLoad } from './own-load.ts';
import { type Answer, Wire } from './wire.ts';

/** A Redis that takes longer to accept us is of no use to somebody who waits for an answer in Slack. */
const CONNECT_TIMEOUT_MS = 5000;
const MAX_RETRY_DELAY_MS = 3000;
/** One planned retry and its connecting, then the asker is told. */
const READY_TIMEOUT_MS = MAX_RETRY_DELAY_MS + 1000;

/** A connection that opens when it is first needed and comes back by itself. */
export type Connection = {
  readonly sidekiq: string;
  readonly redis: Redis;
  /** Resolves when commands can be sent. @throws {RedisUnavailable} */
  readonly ready: () => Promise<void>;
  /** Sends commands in one go over what is ready (see `ask`); any failure of the connection is thrown as it is. */
  readonly exchange: (commands: readonly Command[]) => Promise<readonly Answer[]>;
  /** Any failure as a RedisUnavailable that holds no secret, with the place where Redis was sought. */
  readonly unavailable: (error: unknown) => RedisUnavailable;
  readonly close: () => void;
  /** What we cost this Redis. */
  readonly load: OwnLoad;
  /** Before each page of a long reading: true when the budget allows it within that time, false when not, or it was closed. */
  readonly rest: (mostMs: number) => Promise<boolean>;
};

export type ConnectOptions = {
  readonly sidekiq: string;
  readonly url: string;
  readonly log?: Log;
  /** Its own, unless it shares one. */
  readonly load?: OwnLoad;
};

/** @throws {RedisUnavailable} at once when the URL cannot be understood or its CA file cannot be read. */
export function connect({ sidekiq, url, log, load = new OwnLoad({ sidekiq }) }: ConnectOptions): Connection {
  const address = parseRedisAddress(url);
  if ('fault' in address)
    throw new RedisUnavailable(sidekiq, `The Redis URL of ${sidekiq} is wrong: ${address.fault}.`, undefined);
  const secrets = [address.password, address.sentinelPassword].filter((secret) => secret !== undefined);
  let lastError: unknown;
  const unavailable = (error: unknown): RedisUnavailable => {
    if (error instanceof RedisUnavailable) return error;
    const cause = withoutSecrets(error, secrets);
    return new RedisUnavailable(
      sidekiq,
      `Redis of ${sidekiq} (${placeOf(address)}) did not answer: ${cause.message}.`,
      cause,
    );
  };
  const redis = open(address, unavailable);
  const closed = new AbortController();

  let isRefused = false;
  let isLogged = false;
  // Of the connection, and not of whoever happens to use it first: their ids have no place in its log lines.
  const onError = AsyncLocalStorage.bind((error: Error & { command?: { name: string } }) => {
    lastError = error;
    // ioredis would go on in database 0, where another Sidekiq may live.
    if (error.command?.name === 'select') {
      isRefused = true;
      redis.disconnect();
    }
    if (!isLogged)
      log?.warn({ sidekiq, err: unavailable(error) }, 'the connection to Redis failed; it is tried again');
    isLogged = true;
  });
  const onReady = AsyncLocalStorage.bind(() => {
    if (isLogged) log?.info({ sidekiq }, 'the connection to Redis is back');
    isLogged = false;
  });
  redis.on('error', onError);
  redis.on('ready', onReady);

  // One wait for all who come meanwhile: each of its own would hang three listeners on the connection.
  let becoming: Promise<void> | undefined;
  const become = (): Promise<void> => {
    becoming ??= becomesReady(redis).finally(() => {
      becoming = undefined;
    });
    return becoming;
  };
  const ready = async (): Promise<void> => {
    if (redis.status === 'ready' && !isRefused) return;
    lastError = undefined;
    try {
      isRefused = false;
      await (redis.status === 'wait' || redis.status === 'end' ? redis.connect() : become());
    } catch (error) {
      throw unavailable(lastError ?? error);
    }
    // The answer to SELECT comes before `ready`, the end of the connection after it.
    if (isRefused) throw unavailable(lastError);
  };
  let wire: Wire | undefined;
  const exchange: Connection['exchange'] = async (commands) => {
    const socket = redis.stream as Socket;
    if (wire?.socket !== socket) wire = new Wire(socket);
    return wire.exchange(commands);
  };
  return {
    sidekiq,
    redis,
    load,
    rest: (mostMs) => load.rest(mostMs, closed.signal),
    ready,
    exchange,
    unavailable,
    close: () => {
      closed.abort();
      redis.disconnect();
    },
  };
}

function open(address: RedisAddress, unavailable: (error: unknown) => RedisUnavailable): Redis {
  const { hosts, sentinelName, database, username, password, sentinelUsername, sentinelPassword } = address;
  const [first = { host: '127.0.0.1', port: 6379 }] = hosts;
  const tls = tlsOf(address, unavailable);
  const options: RedisOptions & { replyMapping: 'legacy' } = {
    replyMapping: 'legacy',
    ...(sentinelName === undefined ? first : { sentinels: [...hosts], name: sentinelName }),
    ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    ...(tls === undefined ? {} : { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
    db: database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // All that Redis 5 and every proxy know; HELLO would be refused there first.
    protocol: 2,
    lazyConnect: true,
    connectionName: 'poison-control',
    disableClientInfo: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 10), MAX_RETRY_DELAY_MS),
    // A command whose reply was lost must not be sent again: a trim by position would cut twice (performance.md, 1.8).
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    // A command is sent now or not at all; nobody wants the answer, or the effect, of a question asked a minute ago.
    enableOfflineQueue: false,
    // It needs INFO, which may be forbidden or renamed. With Sentinels it is how a demoted master is noticed.
    enableReadyCheck: sentinelName !== undefined,
  };
  return new Redis(options);
}

function tlsOf(
  address: RedisAddress,
  unavailable: (error: unknown) => RedisUnavailable,
): ConnectionOptions | undefined {
  const { tls, hosts } = address;
  if (tls === undefined) return undefined;
  const servername = tls.servername ?? hosts[0]?.host;
  try {
    return {
      ...(servername === undefined || /^[\d.]+$|:/.test(servername) ? {} : { servername }),
      ...(tls.caPath === undefined ? {} : { ca: readFileSync(tls.caPath) }),
      rejectUnauthorized: tls.isVerified,
    };
  } catch (error) {
    throw unavailable(error);
  }
}

function becomesReady(redis: Redis): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void) => {
      clearTimeout(deadline);
      redis.off('ready', succeed).off('close', fail).off('end', fail);
      outcome();
    };
    const succeed = () => settle(resolve);
    const fail = () => settle(() => reject(new Error('the connection was closed')));
    const deadline = setTimeout(
      () => settle(() => reject(new Error('no connection in time'))),
      READY_TIMEOUT_MS,
    );
    redis.on('ready', succeed).on('close', fail).on('end', fail);
  });
}

/** What ioredis says of a command that finds no connection; it has neither a code nor a class of its own. */
const SENT_TOO_LATE = "Stream isn't writeable and enableOfflineQueue options is false";

/** An error's words without what must stay out of sight: ioredis hangs the arguments of AUTH on it. */
function withoutSecrets(error: unknown, secrets: readonly string[]): Error {
  const aggregate = error instanceof AggregateError ? error.errors[0] : error;
  const words = wordsOf(aggregate);
  return new Error(secrets.reduce((text, secret) => text.replaceAll(secret, '***'), words));
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // ioredis speaks of its own settings here; what happened is simple.
  if (error.name === 'MaxRetriesPerRequestError' || error.message === SENT_TOO_LATE)
    return 'the connection was lost';
  return (error.message || error.name).replace(/\.+$/, '');
}
