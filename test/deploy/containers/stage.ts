import { startRedisServer } from '../../../src/sandbox/redis-server.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { openDoor } from './door.ts';
import type { Engine } from './engine.ts';

/** As compose names this machine for the bot, and podman for every container. */
export const HOST = 'host.docker.internal';

/** A Slack and a Redis of this machine, which containers reach by its name. */
export type Stage = AsyncDisposable & {
  readonly sandbox: Sandbox;
  readonly redisUrl: string;
  /** What the guide wants to be set, and where this Slack is. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly slackAddress: Readonly<Record<string, string>>;
};

export async function openStage(engine: Engine): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const sandbox = stack.use(await startSandbox({ host: HOST }));
  const redis = stack.use(await startRedisServer());
  stack.use(await openDoor(engine, Number(new URL(sandbox.apiUrl).port)));
  stack.use(await openDoor(engine, redis.port));
  const redisUrl = redis.url.replace('127.0.0.1', HOST);
  const open = stack.move();
  return {
    sandbox,
    redisUrl,
    secrets: {
      SLACK_BOT_TOKEN: sandbox.botToken,
      SLACK_APP_TOKEN: sandbox.appToken,
      SIDEKIQ_REDIS_URL: redisUrl,
    },
    slackAddress: { SLACK_API_URL: sandbox.apiUrl, SLACK_API_URL_ALLOW_REMOTE: '1' },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Somebody asks, and the bot in the container answers. */
export async function answers({ sandbox }: Stage): Promise<void> {
  const { people } = sandbox;
  await sandbox.waitForBot(60_000);
  await people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq health' });
  await people.waitForMessage('U0ANN', ({ text }) => text.includes('nothing of Sidekiq in this Redis'));
}
