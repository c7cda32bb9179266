import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveApiCall, serveFile, serveResponseUrl, serveUpload } from './app-requests.ts';
import { refuseStranger } from './guard.ts';
import { BadRequest, protect, sendText } from './http.ts';
import { servePageFile } from './page-files.ts';
import { servePageRequest } from './page-requests.ts';
import type { Programme } from './state.ts';
import type { Workspace } from './workspace.ts';

/** Takes one HTTP request to whoever answers it; whatever goes wrong ends in plain words. */
export async function serve(
  workspace: Workspace,
  programme: Programme,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  protect(response);
  try {
    const stranger = refuseStranger(request.headers, new URL(workspace.origin).host);
    if (stranger !== undefined) throw new BadRequest(403, stranger);
    await route(workspace, programme, request, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else if (error instanceof BadRequest) {
      // What is left of a body that was not read to its end would be taken for the next request.
      response.setHeader('connection', 'close');
      sendText(response, error.status, error.message);
    } else {
      console.error('The sandbox failed to answer a request.', error);
      sendText(response, 500, 'The sandbox failed; its terminal says why.');
    }
  }
}

async function route(
  workspace: Workspace,
  programme: Programme,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = addressOf(request);
  const [, first = '', last = ''] = url.pathname.split('/');
  switch (first) {
    case 'api':
      return serveApiCall(workspace, request, response, url);
    case 'response':
      return serveResponseUrl(workspace, request, response, last);
    case 'upload':
      return serveUpload(workspace, request, response, last);
    case 'sandbox':
      return servePageRequest(workspace, programme, request, response, url);
    default:
      if (request.method !== 'GET') throw new BadRequest(405, 'This address takes a GET.');
      if (first === 'files') return serveFile(workspace, response, last);
      return servePageFile(response, url.pathname);
  }
}

function addressOf(request: IncomingMessage): URL {
  const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
  if (url === null) throw new BadRequest(400, 'The address cannot be read.');
  return url;
}
