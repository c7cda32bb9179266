import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';

const COMMAND = { as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq' };

async function startHttpApp(sandbox: Sandbox, signingSecret: string, listen: (app: App) => void) {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  const app = new App({
    receiver,
    token: sandbox.botToken,
    deferInitialization: true,
    clientOptions: { slackApiUrl: sandbox.apiUrl, retryConfig: { retries: 0 } },
    logLevel: LogLevel.ERROR,
  });
  await app.init();
  listen(app);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as AddressInfo;
  sandbox.deliverOverHttp(`http://127.0.0.1:${port}/slack/events`);
  return {
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await app.stop();
    },
  };
}

test('over HTTP the same commands, clicks, submissions and events arrive, signed', async () => {
  await using sandbox = await startSandbox();
  const { people } = sandbox;
  const plain = (text: string) => ({ type: 'plain_text' as const, text });
  await using _app = await startHttpApp(sandbox, sandbox.signingSecret, (app) => {
    app.command('/sidekiq', async ({ ack, command }) => {
      const elements = [{ type: 'button' as const, action_id: 'ask', text: plain('Ask') }];
      await ack({ text: `heard ${command.user_id}`, blocks: [{ type: 'actions', elements }] });
    });
    app.action('ask', async ({ ack, body, client }) => {
      await ack();
      if (!('trigger_id' in body)) return;
      const view = {
        type: 'modal' as const,
        title: plain('T'),
        submit: plain('Go'),
        callback_id: 'v',
        blocks: [],
      };
      const blocks = [{ type: 'divider' as const }];
      await client.views.open({ trigger_id: body.trigger_id, view: { ...view, blocks } });
    });
    app.view('v', async ({ ack }) => ack({ response_action: 'clear' }));
    app.event('app_home_opened', async ({ event, client }) => {
      await client.chat.postMessage({ channel: event.user, text: 'welcome' });
    });
  });
  await people.say(COMMAND);
  const answer = await people.waitForMessage('U0ANN', ({ text }) => text === 'heard U0ANN');
  await people.pressButton('U0ANN', answer, 'Ask');
  const view = await people.waitFor(() => people.modalsOf('U0ANN')[0]);
  expect(await people.submit({ as: 'U0ANN', viewId: view.id, values: {} })).toEqual({ ok: true });
  expect(people.modalsOf('U0ANN')).toEqual([]);
  await people.openHome('U0ANN');
  await people.waitForMessage('U0ANN', ({ text }) => text === 'welcome');
  expect(sandbox.deliveries.map(({ acks }) => acks.length)).toEqual([1, 1, 1, 1]);
});

test('an app with another signing secret refuses, and the person is told', async () => {
  await using sandbox = await startSandbox();
  await using _app = await startHttpApp(sandbox, 'another secret', (app) => {
    app.command('/sidekiq', async ({ ack }) => ack('heard'));
  });
  await sandbox.people.say(COMMAND);
  expect(sandbox.people.messagesSeenBy('U0ANN', 'C0PAYROLL')).toMatchObject([
    { kind: 'error', text: '/sidekiq failed with the error "dispatch_failed": HTTP 401.' },
  ]);
});

test('an app that is not there is unreachable', async () => {
  await using sandbox = await startSandbox();
  sandbox.deliverOverHttp('http://127.0.0.1:9/slack/events');
  await sandbox.people.say(COMMAND);
  expect(sandbox.people.messagesSeenBy('U0ANN', 'C0PAYROLL')).toMatchObject([
    { kind: 'error', text: '/sidekiq failed with the error "dispatch_failed": the app cannot be reached.' },
  ]);
});
