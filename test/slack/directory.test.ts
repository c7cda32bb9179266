import nock from 'nock';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { boltLogger } from '../../src/slack/bolt-logger.ts';
import { type Home, openDirectory } from '../../src/slack/directory.ts';
import { openWebClients } from '../../src/slack/web-clients.ts';
import { type LogLine, logInto } from './bot.ts';
import { HeldClock } from './held-clock.ts';

const SLACK = 'https://slack.example';

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

function open(home: Home = { teamId: 'T0ACME', enterpriseId: undefined }) {
  const clock = new HeldClock();
  const lines: LogLine[] = [];
  const log = logInto(lines);
  const { replies } = openWebClients({
    botToken: 'xoxb-1',
    apiUrl: `${SLACK}/api/`,
    logger: boltLogger(log),
  });
  return { directory: openDirectory(replies, home, clock, log), clock, lines };
}

const answers = (method: string, body: object, times = 1) =>
  nock(SLACK)
    .post(`/api/${method}`)
    .times(times)
    .reply(200, { ok: true, ...body });

const ANN = { id: 'U0ANN', team_id: 'T0ACME', real_name: 'Ann Lee' };
const MEMBER = {
  enterpriseUserId: null,
  isBot: false,
  isGuest: false,
  isOutsider: false,
  isDeactivated: false,
};

test.each([
  ['a member', {}, {}],
  ['a bot', { is_bot: true }, { isBot: true }],
  ['a workflow', { is_workflow_bot: true }, { isBot: true }],
  ['a connector', { is_connector_bot: true }, { isBot: true }],
  ['a guest', { is_restricted: true }, { isGuest: true }],
  ['a guest of one channel', { is_ultra_restricted: true }, { isGuest: true }],
  ['a stranger', { is_stranger: true }, { isOutsider: true }],
  ['an outsider who shares a channel', { team_id: 'T0VENDOR', is_stranger: false }, { isOutsider: true }],
  ['somebody who has left', { deleted: true }, { isDeactivated: true }],
])('%s is known as such', async (_, flags, expected) => {
  answers('users.info', { user: { ...ANN, ...flags } });
  const { directory } = open();
  expect(await directory.person('U0ANN')).toEqual({ id: 'U0ANN', name: 'Ann Lee', ...MEMBER, ...expected });
});

test('on Enterprise Grid people of the same organisation are our own, and nobody else', async () => {
  const grid = { teamId: 'T0ACME', enterpriseId: 'E0ACME' };
  const other = { ...ANN, team_id: 'T0OTHER' };
  answers('users.info', { user: { ...other, enterprise_user: { id: 'W0ANN', enterprise_id: 'E0ACME' } } });
  expect(await open(grid).directory.person('U0ANN')).toMatchObject({
    isOutsider: false,
    enterpriseUserId: 'W0ANN',
  });
  answers('users.info', { user: { ...other, enterprise_user: { enterprise_id: 'E0VENDOR' } } });
  expect(await open(grid).directory.person('U0ANN')).toMatchObject({ isOutsider: true });
  answers('users.info', { user: { ...other, enterprise_user: {} } });
  expect(await open().directory.person('U0ANN')).toMatchObject({ isOutsider: true });
});

test.each([
  ['our own channel', {}, false],
  ['a channel shared with another company', { is_shared: true, is_ext_shared: true }, true],
  ['one that is about to be', { is_pending_ext_shared: true }, true],
  ['one shared in a way not told', { is_shared: true }, true],
  ['one shared within the organisation', { is_shared: true, is_org_shared: true }, false],
  ['one shared within and without', { is_shared: true, is_org_shared: true, is_ext_shared: true }, true],
])('%s is external: %s -> %s', async (_, flags, isExternal) => {
  answers('conversations.info', { channel: { id: 'C0', name: 'ops', ...flags } });
  expect(await open().directory.channel('C0')).toEqual({
    id: 'C0',
    name: 'ops',
    isExternal,
    isDirect: false,
  });
});

test('a direct message is known without asking, which the bot could not', async () => {
  expect(await open().directory.channel('D0ANN')).toMatchObject({ isDirect: true, isExternal: false });
});

test('what was read within the last minute is not asked for again; after that it is', async () => {
  answers('users.info', { user: ANN });
  const { directory, clock } = open();
  await Promise.all([directory.person('U0ANN'), directory.person('U0ANN')]);
  clock.pass(59_999);
  expect(await directory.person('U0ANN')).toMatchObject({ isGuest: false });
  answers('users.info', { user: { ...ANN, is_restricted: true } });
  clock.pass(1);
  expect(await directory.person('U0ANN')).toMatchObject({ isGuest: true });
  expect(nock.isDone()).toBe(true);
});

test.each([
  ['an error of Slack', { ok: false, error: 'user_not_found' }],
  ['an answer without a team', { ok: true, user: { id: 'U0ANN' } }],
  ['a team that is null', { ok: true, user: { ...ANN, team_id: null } }],
  ['flags that are no flags', { ok: true, user: { ...ANN, is_restricted: 'false' } }],
  ['an answer without a user', { ok: true }],
])('%s leaves the person unknown, is logged, and is asked again next time', async (_, body) => {
  nock(SLACK).post('/api/users.info').reply(200, body);
  const { directory, lines } = open();
  expect(await directory.person('U0ANN')).toBeUndefined();
  expect(lines.map(({ message }) => message)).toContain('Slack did not say who or where this is');
  answers('users.info', { user: ANN });
  expect(await directory.person('U0ANN')).toMatchObject({ id: 'U0ANN' });
});

test('when Slack asks to wait a little, it is asked again after that', async () => {
  nock(SLACK).post('/api/users.info').reply(429, {}, { 'retry-after': '3' });
  answers('users.info', { user: ANN });
  const { directory, clock } = open();
  const person = directory.person('U0ANN');
  await expect.poll(() => clock.waitsMs).toEqual([3000]);
  clock.pass(3000);
  expect(await person).toMatchObject({ id: 'U0ANN' });
});

test('a flag that is null is not set', async () => {
  const user = { ...ANN, real_name: null, deleted: null, is_bot: null, is_restricted: null };
  answers('users.info', { user: { ...user, enterprise_user: null } });
  expect(await open().directory.person('U0ANN')).toEqual({ id: 'U0ANN', ...MEMBER, name: 'U0ANN' });
  answers('conversations.info', { channel: { id: 'C0', name: null, is_ext_shared: null, is_im: null } });
  expect(await open().directory.channel('C0')).toMatchObject({ name: 'C0', isExternal: false });
});

test('whoever decides gets people as they are now, however lately they were asked for', async () => {
  answers('users.info', { user: ANN });
  const { directory } = open();
  expect(await directory.person('U0ANN')).toMatchObject({ isDeactivated: false });
  answers('users.info', { user: { ...ANN, deleted: true } });
  expect(await directory.personNow('U0ANN')).toMatchObject({ isDeactivated: true });
  // And what was learnt is not forgotten for the old.
  expect(await directory.person('U0ANN')).toMatchObject({ isDeactivated: true });
});

test('those who ask at once share one call', async () => {
  answers('usergroups.users.list', { users: ['U0BEN', 'U0CLEO'] });
  const { directory } = open();
  const asked = await Promise.all([directory.membersNow('S0LEADS'), directory.membersNow('S0LEADS')]);
  expect(asked).toEqual([
    ['U0BEN', 'U0CLEO'],
    ['U0BEN', 'U0CLEO'],
  ]);
  answers('usergroups.users.list', { users: ['U0CLEO'] });
  expect(await directory.membersNow('S0LEADS')).toEqual(['U0CLEO']);
});

test('a group that does not exist has nobody in it, and the log says so', async () => {
  nock(SLACK).post('/api/usergroups.users.list').reply(200, { ok: false, error: 'no_such_subteam' });
  const { directory, lines } = open();
  expect(await directory.membersNow('S0GONE')).toEqual([]);
  expect(lines).toContainEqual(expect.objectContaining({ fields: { group: 'S0GONE' } }));
});

test.each(['plan_upgrade_required', 'missing_scope', 'internal_error'])(
  'a group that Slack does not tell of for %s is unknown, not empty',
  async (error) => {
    nock(SLACK).post('/api/usergroups.users.list').reply(200, { ok: false, error });
    expect(await open().directory.membersNow('S0LEADS')).toBeUndefined();
  },
);

test('a public channel may be read by every member, a private one by those who are in it', async () => {
  const { directory } = open();
  answers('conversations.info', { channel: { id: 'C0OPEN', is_private: false } });
  expect(await directory.mayRead('U0ANN', 'C0OPEN')).toBe(true);
  answers('conversations.info', { channel: { id: 'C0SHUT', is_private: true } });
  answers('conversations.members', { members: ['U0BEN'], response_metadata: { next_cursor: 'more' } });
  answers('conversations.members', { members: ['U0ANN'] });
  expect(await directory.mayRead('U0ANN', 'C0SHUT')).toBe(true);
  expect(await directory.mayRead('U0DANA', 'C0SHUT')).toBe(false);
  expect(nock.isDone()).toBe(true);
});

test('where Slack does not say who may read, nobody may', async () => {
  const { directory } = open();
  nock(SLACK).post('/api/conversations.info').reply(200, { ok: false, error: 'channel_not_found' });
  expect(await directory.mayRead('U0ANN', 'C0GONE')).toBe(false);
  answers('conversations.info', { channel: { id: 'C0SHUT', is_private: true } });
  nock(SLACK).post('/api/conversations.members').reply(200, { ok: false, error: 'fetch_members_failed' });
  expect(await directory.mayRead('U0ANN', 'C0SHUT')).toBe(false);
});

test('a clock that is set back makes nobody known for longer: who has left is asked for anew', async () => {
  answers('users.info', { user: ANN });
  const { directory, clock } = open();
  expect(await directory.person('U0ANN')).toMatchObject({ isDeactivated: false });
  clock.set(-3_600_000);
  clock.pass(60_000);
  answers('users.info', { user: { ...ANN, deleted: true } });
  expect(await directory.person('U0ANN')).toMatchObject({ isDeactivated: true });
});
