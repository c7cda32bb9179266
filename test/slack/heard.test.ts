import { expect, test } from 'vitest';
import { heardIn } from '../../src/slack/heard.ts';

test('a press is heard with null where Slack leaves things out, too', () => {
  const press = {
    user: { id: 'U1', team_id: null },
    team: null,
    channel: null,
    container: { type: 'message', channel_id: 'C1' },
    response_url: null,
    actions: [{ action_id: 'refresh', value: null }],
  };
  expect(heardIn(press)).toEqual({
    kind: 'press',
    userId: 'U1',
    channelId: 'C1',
    responseUrl: undefined,
    typed: '',
    value: '',
    actionId: 'refresh',
    isHome: false,
    message: undefined,
    triggerId: undefined,
  });
});

test.each([
  [
    'a message that stays',
    { message_ts: '1.2', channel_id: 'C1', is_ephemeral: false },
    { channel: 'C1', id: '1.2' },
  ],
  ['a message to one person', { message_ts: '1.2', channel_id: 'C1', is_ephemeral: true }, undefined],
  ['a window', { type: 'view', view_id: 'V1' }, undefined],
  ['a container of another shape', { message_ts: 12, channel_id: 'C1' }, undefined],
])('a press in %s is told with it: %s -> %s', (_, container, message) => {
  const press = { type: 'block_actions', user: { id: 'U1' }, container, actions: [] };
  expect(heardIn(press).message).toEqual(message);
});
