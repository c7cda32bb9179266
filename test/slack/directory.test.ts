import { webApi } from '@slack/bolt';
import { expect, test } from 'vitest';
import { openDirectory } from '../../src/slack/directory.ts';
import { CLOCK, logInto } from './bot.ts';

/** Asks a directory whose Slack answers that to everything. */
function directoryOf(answer: object) {
  const fetch = async () => new Response(JSON.stringify({ ok: true, ...answer }));
  const client = new webApi.WebClient('xoxb-1', { fetch, retryConfig: { retries: 0 } });
  return openDirectory(client, { teamId: 'T1', enterpriseId: undefined }, CLOCK, logInto([]));
}

test('a flag that is null is not set', async () => {
  const user = { id: 'U1', team_id: 'T1', real_name: null, deleted: null, is_bot: null, is_restricted: null };
  const person = await directoryOf({ user: { ...user, enterprise_user: null } }).person('U1');
  expect(person).toMatchObject({ name: 'U1', isBot: false, isGuest: false, isOutsider: false });
  const channel = { id: 'C1', name: null, is_shared: null, is_ext_shared: null, is_im: null };
  expect(await directoryOf({ channel }).channel('C1')).toMatchObject({ name: 'C1', isExternal: false });
});

test.each([
  ['without a team', { user: { id: 'U1' } }],
  ['with a team that is null', { user: { id: 'U1', team_id: null } }],
  ['with nobody in it', {}],
])('an answer %s is no answer, and nobody is let in by it', async (_, answer) => {
  expect(await directoryOf(answer).person('U1')).toBeUndefined();
});
