import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerEvent, State } from '../../src/sandbox/page/api.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { clientOf } from './bolt-app.ts';

const PAGE = join(import.meta.dirname, '../../src/sandbox/page');
const SUGGESTIONS = [{ text: '/sidekiq health', does: 'what is wrong' }];

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ story: 'A night of crash loops', suggestions: SUGGESTIONS });
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
});

const at = (path: string) => new URL(path, sandbox.url);
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(at(path), {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

/** Like fetch, but able to lie about the headers that fetch keeps to itself. */
function ask(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: at('/').port, path, method, headers }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** The events that a person is told, one by one. */
async function* eventsFor(person: string, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const response = await fetch(at(`/sandbox/events?as=${person}`), { signal });
  let text = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) if (frame.startsWith('data: ')) yield JSON.parse(frame.slice(6));
  }
}

test('the state is what one person sees', async () => {
  const stateOf = async (person: string): Promise<State> =>
    (await fetch(at(`/sandbox/state?as=${person}`))).json() as Promise<State>;
  await clientOf(sandbox).chat.postEphemeral({ channel: 'C0PAYROLL', user: 'U0ANN', text: 'for Ann' });
  const ann = await stateOf('U0ANN');
  expect(ann).toMatchObject({
    as: 'U0ANN',
    story: 'A night of crash loops',
    suggestions: SUGGESTIONS,
    isBotConnected: false,
    modals: [],
    messages: [{ text: 'for Ann', isEphemeral: true, channel: 'C0PAYROLL', from: 'U0POISON' }],
  });
  expect(ann.people.map(({ name, isBot }) => [name, isBot])).toContainEqual(['Poison Control', true]);
  expect(ann.channels.map(({ name }) => name)).toContain('audit');
  expect((await stateOf('U0BEN')).messages).toEqual([]);
  expect((await stateOf('U0GUS')).channels.map(({ id }) => id)).toEqual(['C0PAYROLL', 'D0GUS']);
  expect((await stateOf('U0OLGA')).channels.map(({ id }) => id)).toEqual(['C0VENDOR', 'D0OLGA']);
});

test('what happens is told at once to those who see it', async () => {
  const ended = new AbortController();
  const events = eventsFor('U0GUS', ended.signal);
  const first = events.next();
  const client = clientOf(sandbox);
  await fetch(at('/sandbox/state?as=U0GUS'));
  const until = Date.now() + 10_000;
  let ts = '';
  // The listener is heard of through its first event, so speak until it hears.
  while (ts === '' && Date.now() < until) {
    const posted = await client.chat.postMessage({ channel: 'C0PAYROLL', text: 'ping' });
    const heard = await Promise.race([
      first,
      new Promise<undefined>((go) => setImmediate(() => go(undefined))),
    ]);
    if (heard !== undefined) ts = posted.ts ?? '';
  }
  await client.chat.postEphemeral({ channel: 'C0PAYROLL', user: 'U0ANN', text: 'not for Gus' });
  await client.chat.postMessage({ channel: 'C0AUDIT', text: 'not for Gus' });
  await client.chat.update({ channel: 'C0PAYROLL', ts, text: 'edited' });
  await client.chat.delete({ channel: 'C0PAYROLL', ts });
  await client.views.publish({ user_id: 'U0ANN', view: { type: 'home', blocks: [] } });
  await client.views.publish({ user_id: 'U0GUS', view: { type: 'home', blocks: [] } });
  sandbox.deliverOverHttp('http://127.0.0.1:9/');
  const told: ServerEvent[] = [];
  for await (const event of events) {
    told.push(event);
    if (event.type === 'bot') break;
  }
  ended.abort();
  const later = told.filter((event) => event.type !== 'message' || event.message.text !== 'ping');
  expect(later).toMatchObject([
    { type: 'message', message: { ts, text: 'edited', isEdited: true } },
    { type: 'deleted', channel: 'C0PAYROLL', ts },
    { type: 'home', home: { type: 'home', blocks: [] } },
    { type: 'bot', isConnected: true },
  ]);
});

test('a person can speak through the page', async () => {
  const body = { as: 'U0ANN', channel: 'C0PAYROLL', text: 'hello there' };
  const response = await post('/sandbox/say', body, { origin: sandbox.url.slice(0, -1) });
  expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
  expect(sandbox.people.messagesSeenBy('U0BEN', 'C0PAYROLL').at(-1)).toMatchObject({ text: 'hello there' });
  const refused = await post('/sandbox/say', { ...body, as: 'U0OLGA' });
  expect([refused.status, await refused.json()]).toEqual([
    200,
    { ok: false, problem: 'Olga is not in that channel.' },
  ]);
});

test.each<[string, string, unknown]>([
  ['no JSON', '/sandbox/say', '{'],
  ['no object', '/sandbox/say', '[]'],
  ['a field missing', '/sandbox/say', { as: 'U0ANN', text: 'x' }],
  ['a field too many', '/sandbox/say', { as: 'U0ANN', channel: 'C', text: 'x', shout: true }],
  ['a field of the wrong kind', '/sandbox/say', { as: 'U0ANN', channel: 'C', text: 7 }],
  ['no place', '/sandbox/press', { as: 'U0ANN', blockId: 'b', actionId: 'a' }],
  [
    'two places',
    '/sandbox/press',
    { as: 'U0ANN', channel: 'C', ts: '1', viewId: 'V', blockId: 'b', actionId: 'a' },
  ],
  ['values that are none', '/sandbox/submit', { as: 'U0ANN', viewId: 'V', values: { b: 'x' } }],
  ['no view', '/sandbox/close', { as: 'U0ANN' }],
  ['nobody', '/sandbox/home', { as: '' }],
])('a request with %s is refused in plain words', async (_what, path, body) => {
  const response = await post(path, body);
  expect(response.status).toBe(400);
  expect(await response.text()).toMatch(/^The body is/);
});

test('what the page could not have sent is refused', async () => {
  const said = JSON.stringify({ as: 'U0ANN', channel: 'C0PAYROLL', text: 'x' });
  expect((await post('/sandbox/say', said, { 'content-type': 'text/plain' })).status).toBe(400);
  expect((await post('/sandbox/say', 'x'.repeat(200_001))).status).toBe(413);
  expect((await fetch(at('/sandbox/say'))).status).toBe(405);
  expect((await post('/sandbox/state', {})).status).toBe(405);
  expect((await fetch(at('/sandbox/constructor'))).status).toBe(404);
  expect((await fetch(at('/sandbox/state?as=U0NOBODY'))).status).toBe(400);
  expect((await fetch(at('/sandbox/events?as=U0NOBODY'))).status).toBe(400);
  expect(await ask('//[', { host: at('/').host })).toBe(400);
});

test('another host name and another site are turned away everywhere', async () => {
  const { host } = new URL(sandbox.url);
  for (const path of ['/', '/sandbox/state?as=U0ANN', '/sandbox/events?as=U0ANN', '/api/auth.test']) {
    expect(await ask(path, { host: 'attacker.test' })).toBe(403);
    expect(await ask(path, { host, origin: 'http://attacker.test' })).toBe(403);
    expect(await ask(path, { host, origin: 'null' })).toBe(403);
    expect(await ask(path, { host, origin: `http://${host}.attacker.test` })).toBe(403);
    expect(await ask(path, { host, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await ask(path, { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).toBe(200);
  }
  expect(await ask('/sandbox/say', { host, origin: 'http://attacker.test' }, 'OPTIONS')).toBe(403);
});

test('it listens on the loopback’s first address alone, not on every address of the machine', async () => {
  const { port } = new URL(sandbox.url);
  await expect(fetch(`http://127.0.0.2:${port}/`)).rejects.toThrow('fetch failed');
});

test('another site cannot open the socket either', async () => {
  const { url = '' } = await clientOf(sandbox, sandbox.appToken).apps.connections.open({});
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(url, { origin: 'http://attacker.test' });
  await expect(
    new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject)),
  ).rejects.toThrow();
  expect(sandbox.connectionCount).toBe(0);
});

test('every file of the page is served, strict about what it may load', async () => {
  const files = readdirSync(PAGE, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(html|css|svg|ts)$/.test(name),
  );
  expect(files.length).toBeGreaterThan(0);
  for (const name of files) {
    const response = await fetch(at(`/${name}`));
    expect([name, response.status]).toEqual([name, 200]);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    if (name.endsWith('.ts')) expect(response.headers.get('content-type')).toMatch('text/javascript');
    await response.arrayBuffer();
  }
  const api = await (await fetch(at('/api.ts'))).text();
  expect(api).not.toContain('export type');
});

test('nothing outside the page is served', async () => {
  for (const path of ['/tsconfig.json', '/..%2fsandbox.ts', '/../sandbox.ts', '/nothing.html', '/files/F0']) {
    expect([path, await ask(path, { host: new URL(sandbox.url).host })]).toEqual([path, 404]);
  }
});
