import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import { HTTPModuleFunctions } from '@slack/bolt';

/** Slack's own payloads stay far below; Bolt's default of 100 kB is less than a message with a full table. */
export const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * Stands before Bolt's listener. A signed body that is JSON but no object, such as `payload=null`, makes Bolt reject where nobody
 * can catch it, which ends the process (HTTPReceiver of 5.1); here it is answered with 400. All else goes on to Bolt.
 */
export function beforeBolt(bolt: RequestListener, endpoint: string, signingSecret: string): RequestListener {
  return (request, response) => {
    const path = URL.parse(request.url ?? '', 'http://localhost')?.pathname;
    if (request.method !== 'POST' || path !== endpoint) return bolt(request, response);
    receive(bolt, signingSecret, request, response).catch(() => answer(response, 400));
  };
}

async function receive(
  bolt: RequestListener,
  signingSecret: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const buffered = await HTTPModuleFunctions.bufferIncomingMessage(request, BODY_LIMIT_BYTES).catch(
    (error: unknown) => {
      answer(response, HTTPModuleFunctions.isRawBodyError(error) ? error.statusCode : 400);
      return undefined;
    },
  );
  if (buffered === undefined) return;
  if (mayBeRead(buffered.rawBody.toString(), request.headers['content-type'])) {
    return bolt(buffered, response);
  }
  try {
    await HTTPModuleFunctions.parseAndVerifyHTTPRequest({ signingSecret, enabled: true }, buffered);
    answer(response, 400);
  } catch {
    answer(response, 401);
  }
}

/** Whether Bolt finds an object in it, or knows itself how to refuse it. */
function mayBeRead(body: string, contentType: string | undefined): boolean {
  const isForm = contentType === 'application/x-www-form-urlencoded';
  const text = isForm ? parse(body)['payload'] : body;
  if (typeof text !== 'string') return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return true;
  }
}

function answer(response: ServerResponse, code: number): void {
  if (!response.headersSent) response.writeHead(code);
  response.end();
}
