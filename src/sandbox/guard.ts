import type { IncomingHttpHeaders } from 'node:http';

/**
 * The sandbox listens on the loopback, but every page in the browser of the same machine can reach the loopback. So a
 * request must name this host (against DNS rebinding), and if a browser says where it comes from, it must be from here.
 */

/** Why this request is refused, or nothing. `own` is the host and port that the bot was told. */
export function refuseStranger(headers: IncomingHttpHeaders, own: string): string | undefined {
  const port = own.slice(own.lastIndexOf(':') + 1);
  const hosts = [own, `127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? '')) return 'This host name is not the sandbox.';
  const origin = headers.origin;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
    return 'Another site may not talk to the sandbox.';
  }
  // Browsers send no Origin with a plain GET; they do say whether it comes from elsewhere.
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return 'Another site may not talk to the sandbox.';
  }
  return undefined;
}
