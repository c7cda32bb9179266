import type { webApi } from '@slack/bolt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { ACME_PAYROLL } from '../../../src/sandbox/world.ts';
import { clientOf } from '../bolt-app.ts';

/** What the real client is told when Slack says no. */

const quiet = { id: 'C0QUIET', name: 'quiet', topic: '', kind: 'public', isExternal: false } as const;
const world = {
  ...ACME_PAYROLL,
  channels: [...ACME_PAYROLL.channels, { ...quiet, hasBot: false, members: ['U0ANN'] }],
};
const modal = {
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: 'T' },
  blocks: [{ type: 'divider' as const }],
};

let sandbox: Sandbox;
let client: webApi.WebClient;
beforeAll(async () => {
  sandbox = await startSandbox({ world });
  client = clientOf(sandbox);
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
});

async function refusalOf(call: Promise<unknown>): Promise<webApi.WebAPIPlatformError['data']> {
  const error = await call.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason as webApi.WebAPIPlatformError,
  );
  if (!('data' in error)) throw error;
  return error.data;
}

test.each<[string, (client: webApi.WebClient) => Promise<unknown>]>([
  ['channel_not_found', (c) => c.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' })],
  ['not_in_channel', (c) => c.chat.postMessage({ channel: 'C0QUIET', text: 'x' })],
  ['no_text', (c) => c.chat.postMessage({ channel: 'C0PAYROLL', text: '' })],
  ['thread_not_found', (c) => c.chat.postMessage({ channel: 'C0PAYROLL', text: 'x', thread_ts: '1.000001' })],
  ['user_not_in_channel', (c) => c.chat.postEphemeral({ channel: 'C0PAYROLL', user: 'U0OLGA', text: 'x' })],
  ['message_not_found', (c) => c.chat.update({ channel: 'C0PAYROLL', ts: '1.000001', text: 'x' })],
  ['message_not_found', (c) => c.chat.delete({ channel: 'C0PAYROLL', ts: '1.000001' })],
  ['channel_not_found', (c) => c.chat.update({ channel: 'U0ANN', ts: '1.000001', text: 'x' })],
  ['message_not_found', (c) => c.chat.getPermalink({ channel: 'C0PAYROLL', message_ts: '1.000001' })],
  ['invalid_trigger_id', (c) => c.views.open({ trigger_id: 'none', view: modal })],
  ['invalid_trigger_id', (c) => c.views.push({ trigger_id: 'none', view: modal })],
  ['not_found', (c) => c.views.update({ view_id: 'V0', view: modal })],
  ['user_not_found', (c) => c.views.publish({ user_id: 'U0', view: { type: 'home', blocks: [] } })],
  ['user_not_found', (c) => c.users.info({ user: 'U0' })],
  ['channel_not_found', (c) => c.conversations.info({ channel: 'C0' })],
  ['user_not_found', (c) => c.conversations.open({ users: 'U0' })],
  ['no_such_subteam', (c) => c.usergroups.users.list({ usergroup: 'S0' })],
  ['no_such_subteam', (c) => c.usergroups.users.list({ usergroup: 'constructor' })],
  ['file_not_found', (c) => c.files.completeUploadExternal({ files: [{ id: 'F0', title: 'x' }] })],
  ['unknown_method', (c) => c.apiCall('chat.shout')],
  ['invalid_arguments', (c) => c.apiCall('chat.postMessage', { text: 'x' })],
  ['invalid_blocks_format', (c) => c.apiCall('chat.postMessage', { channel: 'C0PAYROLL', blocks: '[{' })],
])('%s', async (error, call) => {
  expect(await refusalOf(call(client))).toMatchObject({ ok: false, error });
});

test('broken blocks are refused with the places that are wrong, on posting, editing and in a view', async () => {
  const blocks = [{ type: 'header' as const, text: { type: 'plain_text' as const, text: 'x'.repeat(151) } }];
  const messages = ['[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]'];
  const { ts = '' } = await client.chat.postMessage({ channel: 'C0PAYROLL', text: 'x' });
  const refused = { error: 'invalid_blocks', response_metadata: { messages } };
  expect(await refusalOf(client.chat.postMessage({ channel: 'C0PAYROLL', text: 'x', blocks }))).toMatchObject(
    refused,
  );
  expect(await refusalOf(client.chat.update({ channel: 'C0PAYROLL', ts, text: 'x', blocks }))).toMatchObject(
    refused,
  );
  expect(
    await refusalOf(client.views.publish({ user_id: 'U0ANN', view: { type: 'home', blocks } })),
  ).toMatchObject({ error: 'invalid_arguments' });
});

test('only its own messages may be edited or deleted by the app', async () => {
  await sandbox.people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: 'mine' });
  const { ts } = await sandbox.people.waitForMessage('U0ANN', ({ text }) => text === 'mine');
  expect(await refusalOf(client.chat.update({ channel: 'C0PAYROLL', ts, text: 'x' }))).toMatchObject({
    error: 'cant_update_message',
  });
  expect(await refusalOf(client.chat.delete({ channel: 'C0PAYROLL', ts }))).toMatchObject({
    error: 'cant_delete_message',
  });
});

test('an ephemeral message cannot be edited by its ts', async () => {
  const { message_ts: ts = '' } = await client.chat.postEphemeral({
    channel: 'C0PAYROLL',
    user: 'U0ANN',
    text: 'for Ann',
  });
  expect(await refusalOf(client.chat.update({ channel: 'C0PAYROLL', ts, text: 'x' }))).toMatchObject({
    error: 'message_not_found',
  });
});

test('a view of a taken external_id and an update of an older version are refused', async () => {
  const view = { type: 'home' as const, external_id: 'home-of-ann', blocks: [] };
  const published = await client.views.publish({ user_id: 'U0ANN', view });
  const hash = published.view?.hash ?? '';
  expect(await refusalOf(client.views.publish({ user_id: 'U0BEN', view }))).toMatchObject({
    error: 'duplicate_external_id',
  });
  await client.views.publish({ user_id: 'U0ANN', hash, view });
  expect(await refusalOf(client.views.publish({ user_id: 'U0ANN', hash, view }))).toMatchObject({
    error: 'hash_conflict',
  });
});

test('a token that is missing, wrong or of the other kind is refused', async () => {
  expect(await refusalOf(clientOf(sandbox, 'xoxb-stolen').auth.test())).toMatchObject({
    error: 'invalid_auth',
  });
  expect(await refusalOf(clientOf(sandbox, sandbox.appToken).auth.test())).toMatchObject({
    error: 'not_allowed_token_type',
  });
  expect(await refusalOf(client.apps.connections.open({}))).toMatchObject({
    error: 'not_allowed_token_type',
  });
  const bare = await fetch(`${sandbox.apiUrl}auth.test`, { method: 'POST' });
  expect(await bare.json()).toEqual({ ok: false, error: 'not_authed' });
});

test('a token that was revoked is refused for that, and the other one is not', async () => {
  await using own = await startSandbox();
  own.revoke(own.botToken);
  expect(await refusalOf(clientOf(own).auth.test())).toMatchObject({ error: 'token_revoked' });
  expect(await clientOf(own, own.appToken).apps.connections.open({})).toMatchObject({ ok: true });
});

test('a missing scope is named', async () => {
  await using poor = await startSandbox({ scopes: ['commands', 'chat:write'] });
  expect(await refusalOf(clientOf(poor).users.info({ user: 'U0ANN' }))).toMatchObject({
    error: 'missing_scope',
    needed: 'users:read',
    provided: 'commands,chat:write',
  });
});

test('a body that is not what it says it is is refused, not fatal', async () => {
  const response = await fetch(`${sandbox.apiUrl}chat.postMessage`, {
    method: 'POST',
    body: '{"channel":',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sandbox.botToken}` },
  });
  expect(await response.json()).toEqual({ ok: false, error: 'invalid_json' });
});
