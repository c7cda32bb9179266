import type { IncomingMessage, ServerResponse } from 'node:http';
import { RESPONSE_URL } from './faults.ts';
import { isFields } from './fields.ts';
import { BadRequest, readBody, send, sendJson, sendText } from './http.ts';
import { speak } from './speak.ts';
import { answerCall, refusalBody } from './web-api/answer-call.ts';
import { readArguments } from './web-api/arguments.ts';
import { FILE_MAX_BYTES } from './web-api/files.ts';
import type { Workspace } from './workspace.ts';

/** What the bot asks for over HTTP: Web API calls, answers to response_urls, uploads. */

const CALL_MAX_BYTES = 2_000_000;
/** Multipart wrapping around the bytes of a file. */
const UPLOAD_OVERHEAD_BYTES = 10_000;

export async function serveApiCall(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const body = (await readBody(request, CALL_MAX_BYTES)).toString();
  const { 'content-type': contentType = '', authorization = '' } = request.headers;
  const args = readArguments(url.searchParams, contentType, body);
  const name = url.pathname.slice('/api/'.length);
  const answer = await answerCall(workspace, name, args, authorization);
  sendJson(response, answer.status, answer.body, answer.headers);
}

export async function serveResponseUrl(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
  key: string,
): Promise<void> {
  if (request.method !== 'POST') throw new BadRequest(405, 'This address takes a POST.');
  const text = (await readBody(request, CALL_MAX_BYTES)).toString();
  const fault = workspace.faults.takeApiFault(RESPONSE_URL);
  if (fault?.kind === 'http') return sendText(response, fault.status, 'internal_error');
  if (fault?.kind === 'rate_limited') return sendText(response, 429, 'rate_limited');
  const found = workspace.responseUrls.find(key);
  if (typeof found === 'string') return sendJson(response, 404, { ok: false, error: found });
  const body = parseAnswer(text);
  if (!isFields(body)) return sendJson(response, 400, { ok: false, error: 'invalid_payload' });
  const refusal = speak(workspace, found, body);
  if (refusal !== undefined) return sendJson(response, 400, refusalBody(refusal));
  found.uses += 1;
  sendText(response, 200, 'ok');
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function serveUpload(
  { files }: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
): Promise<void> {
  if (request.method !== 'POST') throw new BadRequest(405, 'This address takes a POST.');
  const file = files.find(id);
  if (file === undefined) throw new BadRequest(404, 'There is no such upload.');
  const body = await readBody(request, FILE_MAX_BYTES + UPLOAD_OVERHEAD_BYTES);
  const bytes = await fileIn(body, request.headers['content-type'] ?? '');
  if (bytes.length !== file.sizeBytes) {
    throw new BadRequest(400, `${file.sizeBytes} bytes were announced and ${bytes.length} came.`);
  }
  file.bytes = bytes;
  sendText(response, 200, `OK - ${bytes.length}`);
}

/** The bytes may come bare or, as @slack/web-api sends them, as the only part of a form. */
async function fileIn(body: Buffer, contentType: string): Promise<Buffer> {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => new FormData());
  const [part] = form.values();
  if (part === undefined) throw new BadRequest(400, 'The form holds no file.');
  return typeof part === 'string' ? Buffer.from(part) : Buffer.from(await part.arrayBuffer());
}

/** A file is only ever handed out to be saved: shown in place it could act as part of the page. */
export function serveFile({ files }: Workspace, response: ServerResponse, id: string): void {
  const file = files.find(id);
  if (file?.bytes === undefined) throw new BadRequest(404, 'There is no such file.');
  send(response, 200, file.bytes, {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
  });
}
