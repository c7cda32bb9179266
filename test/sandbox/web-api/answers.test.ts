import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { METHODS } from '../../../src/sandbox/web-api/methods.ts';
import { clientOf } from '../bolt-app.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
});

test('every endpoint that an unmodified Bolt app may need is there', () => {
  expect(METHODS.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'auth.test',
      'apps.connections.open',
      'chat.postMessage',
      'chat.update',
      'chat.postEphemeral',
      'chat.delete',
      'chat.getPermalink',
      'views.open',
      'views.update',
      'views.push',
      'views.publish',
      'users.info',
      'usergroups.users.list',
      'conversations.info',
      'conversations.list',
      'conversations.members',
      'conversations.open',
      'files.getUploadURLExternal',
      'files.completeUploadExternal',
    ]),
  );
});

test('auth.test says who the app is and which scopes it has', async () => {
  const answer = await clientOf(sandbox).auth.test();
  expect(answer).toMatchObject({ team_id: 'T0ACME', user_id: 'U0POISON', bot_id: 'B0POISON' });
  expect(answer.response_metadata?.scopes).toContain('chat:write');
});

test('a message can be posted in a thread, edited until its blocks vanish, linked to and deleted', async () => {
  const client = clientOf(sandbox);
  const channel = 'C0PAYROLL';
  const blocks = [{ type: 'divider' as const }];
  const posted = await client.chat.postMessage({
    channel,
    text: 'parent',
    blocks,
    metadata: { event_type: 'proposal', event_payload: { id: 'p1' } },
  });
  const ts = posted.ts ?? '';
  expect(posted.message).toMatchObject({ text: 'parent', bot_id: 'B0POISON', user: 'U0POISON', ts });
  expect(posted.message?.blocks?.[0]?.block_id).toMatch(/./);
  await client.chat.postMessage({ channel, text: 'child', thread_ts: ts });
  const edited = await client.chat.update({ channel, ts, text: 'edited' });
  expect(edited).toMatchObject({ ts, channel, text: 'edited' });
  const link = await client.chat.getPermalink({ channel, message_ts: ts });
  expect(link.permalink).toContain(ts);
  expect(sandbox.people.messagesSeenBy('U0BEN', channel)).toMatchObject([
    { ts, text: 'edited', blocks: [], isEdited: true, isEphemeral: false },
    { text: 'child', threadTs: ts },
  ]);
  await client.chat.delete({ channel, ts });
  expect(sandbox.people.messagesSeenBy('U0BEN', channel)).toHaveLength(1);
});

test('an ephemeral message is seen by its addressee alone', async () => {
  await clientOf(sandbox).chat.postEphemeral({ channel: 'C0AUDIT', user: 'U0BEN', text: 'psst' });
  expect(sandbox.people.messagesSeenBy('U0BEN', 'C0AUDIT')).toMatchObject([
    { text: 'psst', isEphemeral: true },
  ]);
  expect(sandbox.people.messagesSeenBy('U0ANN', 'C0AUDIT')).toEqual([]);
});

test('text beyond forty thousand characters is cut as Slack cuts it', async () => {
  const answer = await clientOf(sandbox).chat.postMessage({ channel: 'C0ALERTS', text: 'x'.repeat(40_001) });
  expect(answer.message?.text).toHaveLength(40_000);
});

test('people carry the flags by which they are told apart', async () => {
  const client = clientOf(sandbox);
  const flagsOf = async (user: string) => (await client.users.info({ user })).user;
  expect(await flagsOf('U0ANN')).toMatchObject({
    team_id: 'T0ACME',
    deleted: false,
    is_bot: false,
    is_workflow_bot: false,
    is_connector_bot: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_stranger: false,
  });
  expect(await flagsOf('U0GUS')).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
  expect(await flagsOf('U0OLGA')).toMatchObject({ is_stranger: true, team_id: 'T0VENDOR' });
  expect(await flagsOf('U0POISON')).toMatchObject({ is_bot: true });
});

test('user groups name their people', async () => {
  const answer = await clientOf(sandbox).usergroups.users.list({ usergroup: 'S0LEADS' });
  expect(answer.users).toEqual(['U0BEN', 'U0CLEO']);
});

test('channels tell whether they are external, private and joined, page by page', async () => {
  const client = clientOf(sandbox);
  const { channel } = await client.conversations.info({ channel: 'C0VENDOR', include_num_members: true });
  expect(channel).toMatchObject({
    is_ext_shared: true,
    is_shared: true,
    is_org_shared: false,
    is_pending_ext_shared: false,
    is_member: true,
    num_members: 6,
  });
  const found: unknown[] = [];
  const pages = client.paginate('conversations.list', { types: 'public_channel,private_channel', limit: 3 });
  for await (const page of pages) found.push((page as { channels?: { name: string }[] }).channels);
  expect(found.map((page) => (page as { name: string }[]).map(({ name }) => name))).toEqual([
    ['payroll-incidents', 'payroll-alerts', 'audit'],
    ['vendor-shared'],
  ]);
  const { members } = await client.conversations.members({ channel: 'C0PAYROLL' });
  expect(members).toContain('U0POISON');
});

test('a direct message is opened and written to, and only that person sees it', async () => {
  const client = clientOf(sandbox);
  const { channel } = await client.conversations.open({ users: 'U0CLEO' });
  await client.chat.postMessage({ channel: channel?.id ?? '', text: 'a receipt' });
  await client.chat.postMessage({ channel: 'U0CLEO', text: 'another' });
  const seen = sandbox.people.messagesSeenBy('U0CLEO', channel?.id ?? '');
  expect(seen.map(({ text }) => text)).toEqual(['a receipt', 'another']);
  expect(sandbox.people.messagesSeenBy('U0ANN', channel?.id ?? '')).toEqual([]);
});

test('a file goes up in three steps and comes back only to be saved', async () => {
  await clientOf(sandbox).filesUploadV2({
    channel_id: 'C0PAYROLL',
    initial_comment: 'The whole list',
    filename: 'jids.txt',
    content: 'a\nb\n',
  });
  const message = await sandbox.people.waitForMessage('U0DANA', ({ text }) => text.includes('jids.txt'));
  expect(message.text).toBe('The whole list\njids.txt');
  const address = /<(http[^|]+)\|/.exec(JSON.stringify(message.blocks))?.[1] ?? '';
  const file = await fetch(address);
  expect(await file.text()).toBe('a\nb\n');
  expect(file.headers.get('content-disposition')).toContain('attachment');
});
