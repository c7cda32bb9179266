import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { close } from './acts/close.ts';
import { openHome } from './acts/home.ts';
import { press } from './acts/press.ts';
import { say } from './acts/say.ts';
import { submit } from './acts/submit.ts';
import { BadRequest, readBody, sendJson } from './http.ts';
import type { As, Close, Press, Say, Submit, SubmitOutcome } from './page/api.ts';
import { eventFor, type Programme, stateFor } from './state.ts';
import type { Workspace } from './workspace.ts';
import { findPerson } from './world.ts';

/** The page's own requests: page/api.ts is the contract. */

const BODY_MAX_BYTES = 200_000;

const as = z.string().min(1);
const values = z.record(
  z.string(),
  z.record(z.string(), z.union([z.string(), z.array(z.string()), z.null()])),
);
const optional = { text: z.string().exactOptional(), values: values.exactOptional() };

const sayBody: z.ZodType<Say> = z.strictObject({
  as,
  channel: z.string(),
  text: z.string(),
  threadTs: optional.text,
});
const pressBody: z.ZodType<Press> = z
  .strictObject({
    as,
    channel: optional.text,
    ts: optional.text,
    viewId: optional.text,
    blockId: z.string(),
    actionId: z.string(),
    chosen: z.array(z.string()).exactOptional(),
    values: optional.values,
  })
  .refine(
    ({ channel, ts, viewId }) => (channel !== undefined && ts !== undefined) !== (viewId !== undefined),
    {
      error: 'name either channel and ts, or viewId',
    },
  );
const submitBody: z.ZodType<Submit> = z.strictObject({ as, viewId: z.string(), values });
const closeBody: z.ZodType<Close> = z.strictObject({ as, viewId: z.string() });
const homeBody: z.ZodType<As> = z.strictObject({ as });

type Deed = (workspace: Workspace, body: unknown) => Promise<SubmitOutcome>;

const DEEDS: Readonly<Record<string, Deed>> = {
  '/sandbox/say': (workspace, body) => say(workspace, parse(sayBody, body)),
  '/sandbox/press': (workspace, body) => press(workspace, parse(pressBody, body)),
  '/sandbox/submit': (workspace, body) => submit(workspace, parse(submitBody, body)),
  '/sandbox/close': (workspace, body) => close(workspace, parse(closeBody, body)),
  '/sandbox/home': (workspace, body) => openHome(workspace, parse(homeBody, body)),
};

/** Answers a request under /sandbox/. */
export async function servePageRequest(
  workspace: Workspace,
  programme: Programme,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const deed = Object.hasOwn(DEEDS, url.pathname) ? DEEDS[url.pathname] : undefined;
  if (deed !== undefined) {
    if (request.method !== 'POST') throw new BadRequest(405, 'This address takes a POST.');
    sendJson(response, 200, await deed(workspace, await readJson(request)));
    return;
  }
  if (request.method !== 'GET') throw new BadRequest(405, 'This address takes a GET.');
  if (url.pathname === '/sandbox/state') {
    sendJson(response, 200, stateFor(workspace, programme, personIn(workspace, url)));
  } else if (url.pathname === '/sandbox/events') {
    streamEvents(workspace, personIn(workspace, url), response);
  } else {
    throw new BadRequest(404, 'There is nothing at this address.');
  }
}

function streamEvents(workspace: Workspace, person: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  // The first line reaches the page at once, so that it knows that it listens before it asks for the state.
  response.write(': listening\n\n');
  const unsubscribe = workspace.feed.subscribe((happening) => {
    const event = eventFor(workspace, person, happening);
    if (event !== undefined) response.write(`data: ${JSON.stringify(event)}\n\n`);
  });
  response.on('close', unsubscribe);
}

function personIn({ world }: Workspace, url: URL): string {
  // The page knows nobody before it has asked once: who names no person looks as the first of them.
  const person = url.searchParams.get('as') || (world.people[0]?.id ?? '');
  if (findPerson(world, person) === undefined) {
    throw new BadRequest(400, 'Say who is looking: ?as= and the id of a person.');
  }
  return person;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  // A form of another site can send every content type but this one without asking first.
  if (request.headers['content-type']?.split(';')[0] !== 'application/json') {
    throw new BadRequest(400, 'The body must be application/json.');
  }
  const text = (await readBody(request, BODY_MAX_BYTES)).toString();
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest(400, 'The body is not JSON.');
  }
}

function parse<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new BadRequest(400, `The body is wrong.\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
