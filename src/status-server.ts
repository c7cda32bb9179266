import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What the bot says of itself over HTTP. */
export type Status = {
  /** Empty when it can do its work. */
  readonly trouble: () => readonly string[];
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
};

const STATUS_PATHS = ['/healthz', '/readyz', '/metrics'] as const;

/**
 * GET /healthz: the process runs. GET /readyz: it can answer people, or 503 with what is in the way. GET /metrics: figures for
 * Prometheus.
 */
async function answerStatus(
  request: IncomingMessage,
  response: ServerResponse,
  status: Status,
): Promise<void> {
  const { code, text, contentType = PLAIN } = await answerTo(request, status);
  response.writeHead(code, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? '' : `${text.trimEnd()}\n`);
}

const PLAIN = 'text/plain; charset=utf-8';

/** A server of its own: Bolt's in Socket Mode listens on all interfaces and hides a taken port (reference, slack 2). */
export async function startStatusServer(
  address: { readonly host: string; readonly port: number },
  status: Status,
): Promise<AsyncDisposable> {
  const server = createServer((request, response) => void answerStatus(request, response, status));
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

type StatusAnswer = { readonly code: number; readonly text: string; readonly contentType?: string };

async function answerTo({ url = '', method }: IncomingMessage, status: Status): Promise<StatusAnswer> {
  if (method !== 'GET' && method !== 'HEAD') return { code: 405, text: 'Only GET is answered here.' };
  switch (url.split('?')[0]) {
    case '/healthz':
      return { code: 200, text: 'ok' };
    case '/readyz': {
      const trouble = status.trouble();
      return trouble.length === 0 ? { code: 200, text: 'ready' } : { code: 503, text: trouble.join('\n') };
    }
    case '/metrics':
      try {
        return { code: 200, ...(await status.metrics()) };
      } catch {
        return { code: 500, text: 'The figures could not be drawn.' };
      }
    default:
      return { code: 404, text: `Here are ${STATUS_PATHS.join(', ')}.` };
  }
}

/** The same as routes of a server that is there already: Slack's, in HTTP mode. */
export function statusRoutes(status: Status) {
  return STATUS_PATHS.map((path) => ({
    path,
    method: 'GET',
    handler: (request: IncomingMessage, response: ServerResponse) => answerStatus(request, response, status),
  }));
}
