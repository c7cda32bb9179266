import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startApp } from './bolt-app.ts';

test('opening Home tells the app, which publishes it for that person; its buttons work', async () => {
  await using sandbox = await startSandbox();
  const bodies: unknown[] = [];
  await using _app = await startApp(sandbox, (app) => {
    app.event('app_home_opened', async ({ event, client, body }) => {
      bodies.push(body);
      const blocks = [
        {
          type: 'actions' as const,
          elements: [
            {
              type: 'button' as const,
              action_id: 'health',
              text: { type: 'plain_text' as const, text: 'Health' },
            },
          ],
        },
      ];
      await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
    });
    app.action('health', async ({ ack, body }) => {
      await ack();
      bodies.push(body);
    });
  });
  expect(await sandbox.people.openHome('U0DANA')).toEqual({ ok: true });
  const home = await sandbox.people.waitFor(() => sandbox.people.homeOf('U0DANA'));
  expect(sandbox.people.homeOf('U0ANN')).toBeUndefined();
  expect(await sandbox.people.pressButton('U0DANA', home, 'Health')).toEqual({ ok: true });
  expect(bodies).toMatchObject([
    {
      type: 'event_callback',
      event: { type: 'app_home_opened', user: 'U0DANA', tab: 'home', channel: 'D0DANA' },
    },
    {
      type: 'block_actions',
      view: { id: home.id, type: 'home' },
      container: { type: 'view', view_id: home.id },
    },
  ]);
});
