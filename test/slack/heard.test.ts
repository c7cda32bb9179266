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
    userId: 'U1',
    channelId: 'C1',
    responseUrl: undefined,
    typed: '',
    value: '',
  });
});
