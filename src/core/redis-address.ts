/**
 * Where a Redis is, as its URL says it:
 *
 *   redis://USER:PASSWORD@HOST:PORT/DATABASE              rediss:// for TLS
 *   redis+sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT/NAME/DATABASE
 *                                                         the hosts are Sentinels, NAME is the master they watch;
 *                                                         rediss+sentinel:// for TLS to Sentinels and Redis alike
 *
 * Everything but the host may be left out (ports 6379 and 26379, database 0). USER and PASSWORD are percent-encoded.
 * Options behind `?`: `sentinel_username` and `sentinel_password` when the Sentinels ask for their own, and for TLS
 * `ca` (a file with the authority's certificate), `servername` and `verify=no` (a managed Redis with a certificate that
 * nobody signed).
 */
export type RedisAddress = {
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  /** The master's name; undefined without Sentinels. */
  readonly sentinelName: string | undefined;
  readonly database: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly sentinelUsername: string | undefined;
  readonly sentinelPassword: string | undefined;
  readonly tls:
    | {
        readonly caPath: string | undefined;
        readonly servername: string | undefined;
        readonly isVerified: boolean;
      }
    | undefined;
};

const URL_PARTS = /^redis(s)?(\+sentinel)?:\/\/(?:([^@/?]*)@)?([^@/?]+)(?:\/([^?]*))?(?:\?(.*))?$/;
const HOST = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/;
const OPTIONS: ReadonlySet<string> = new Set([
  'sentinel_username',
  'sentinel_password',
  'ca',
  'servername',
  'verify',
]);

/** Reads such a URL; what is wrong with it comes back as a sentence without any secret in it. */
export function parseRedisAddress(url: string): RedisAddress | { readonly fault: string } {
  const parts = URL_PARTS.exec(url);
  const [, isTls, isSentinel, credentials = '', hostList = '', path = '', query = ''] = parts ?? [];
  // A password with a bare / or ? in it would be taken for a host and options, and be told as such.
  if (parts === null || path.includes('@') || query.includes('@'))
    return { fault: 'it is no redis:// URL (an @, / or ? in a password must be percent-encoded)' };
  const hosts = hostList.split(',').map((text) => hostOf(text, isSentinel ? 26379 : 6379));
  if (!isSentinel && hosts.length > 1) return { fault: 'several hosts are for redis+sentinel:// only' };

  const [sentinelName, databaseText = '', ...rest] = isSentinel
    ? path.split('/')
    : [undefined, ...path.split('/')];
  if (isSentinel && !sentinelName)
    return { fault: "behind the Sentinels the master's name is missing: /NAME" };
  if (rest.some((part) => part !== '') || !/^\d{0,5}$/.test(databaseText)) {
    return { fault: 'its database must be a number' };
  }
  const options = new URLSearchParams(query);
  const stranger = [...options.keys()].find((name) => !OPTIONS.has(name));
  if (stranger !== undefined) return { fault: `its option "${stranger}" is not known` };
  const [username, password] = credentialsOf(credentials);
  const sound = hosts.filter((host) => host !== undefined);
  if (sound.length < hosts.length)
    return { fault: 'its host is not one, or its port is no number up to 65535' };
  return {
    hosts: sound,
    sentinelName,
    database: Number(databaseText),
    username,
    password,
    sentinelUsername: options.get('sentinel_username') ?? undefined,
    sentinelPassword: options.get('sentinel_password') ?? undefined,
    tls: isTls
      ? {
          caPath: options.get('ca') ?? undefined,
          servername: options.get('servername') ?? undefined,
          isVerified: options.get('verify') !== 'no',
        }
      : undefined,
  };
}

/** "127.0.0.1:6379/0", without anything secret. */
export function placeOf({ hosts, sentinelName, database }: RedisAddress): string {
  const list = hosts
    .map(({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`))
    .join(',');
  return sentinelName === undefined ? `${list}/${database}` : `${sentinelName}/${database} behind ${list}`;
}

function hostOf(text: string, defaultPort: number): { host: string; port: number } | undefined {
  const parts = HOST.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3] ?? defaultPort);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** "user:password", ":password" or "user"; both percent-decoded where that is possible. */
function credentialsOf(text: string): [username: string | undefined, password: string | undefined] {
  const colon = text.indexOf(':');
  const [username, password] = colon === -1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  return [decoded(username), decoded(password)];
}

function decoded(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
