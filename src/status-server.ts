import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What the bot says of itself over HTTP. `trouble` is empty when it can do its work. */
export type Status = { readonly trouble: readonly string[] };

/** GET /healthz: the process runs. GET /readyz: it can answer people, or 503 with what is in the way. */
export function answerStatus(request: IncomingMessage, response: ServerResponse, status: () => Status): void {
  const { code, text } = answerTo((request.url ?? '').split('?')[0] ?? '', status);
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${text}\n`);
}

/** A server of its own: Bolt's in Socket Mode listens on all interfaces and hides a taken port (reference, slack 2). */
export async function startStatusServer(
  address: { readonly host: string; readonly port: number },
  status: () => Status,
): Promise<AsyncDisposable> {
  const server = createServer((request, response) => answerStatus(request, response, status));
  server.listen(address.port, address.host);
  await once(server, 'listening');
  return {
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answerTo(path: string, status: () => Status): { readonly code: number; readonly text: string } {
  if (path === '/healthz') return { code: 200, text: 'ok' };
  if (path !== '/readyz') return { code: 404, text: 'Here are /healthz and /readyz.' };
  const { trouble } = status();
  return trouble.length === 0 ? { code: 200, text: 'ready' } : { code: 503, text: trouble.join('\n') };
}

/** The same as routes of a server that is there already: Slack's, in HTTP mode. */
export function statusRoutes(status: () => Status) {
  return ['/healthz', '/readyz'].map((path) => ({
    path,
    method: 'GET',
    handler: (request: IncomingMessage, response: ServerResponse) => answerStatus(request, response, status),
  }));
}
