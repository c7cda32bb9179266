import { App, LogLevel, SocketModeReceiver, webApi } from '@slack/bolt';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** The real Bolt, as an app of this test: it listens to nothing until the test says so. */
export async function startApp(sandbox: Sandbox, listen: (app: App) => void) {
  const clientOptions = { slackApiUrl: sandbox.apiUrl, retryConfig: { retries: 0 } };
  const receiver = new SocketModeReceiver({
    appToken: sandbox.appToken,
    clientPingTimeout: 500,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions },
  });
  const app = new App({
    receiver,
    token: sandbox.botToken,
    deferInitialization: true,
    convoStore: false,
    clientOptions,
    logLevel: LogLevel.ERROR,
  });
  await app.init();
  listen(app);
  await app.start();
  await sandbox.waitForBot();
  return {
    app,
    [Symbol.asyncDispose]: async () => {
      await app.stop();
    },
  };
}

/** The real client, which tells a refusal as an error and never tries again. */
export function clientOf(sandbox: Sandbox, token: string = sandbox.botToken): webApi.WebClient {
  return new webApi.WebClient(token, {
    slackApiUrl: sandbox.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
}
