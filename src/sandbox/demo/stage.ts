import { openFleetRedis } from '../fleet/redis-client.ts';
import { type GuardedFolder, makeGuardedFolder } from '../guarded.ts';
import { startRedisServer } from '../redis-server.ts';
import { startSandbox } from '../sandbox.ts';
import { startBot, stopBot } from './bot.ts';
import { playLive } from './play.ts';
import type { Scene } from './scene.ts';

const BOT_DEADLINE_MS = 60_000;

export type StageOptions = {
  readonly scene: Scene;
  readonly port: number;
  readonly botProgram: string;
  /** Lines for the person at the terminal. */
  readonly say: (line: string) => void;
  /** Everything that was started ends with this, in reverse order, however far the start got. */
  readonly stack: AsyncDisposableStack;
  readonly signal: AbortSignal;
};

/** A demo that can be visited. `over` rejects when a part of it ends by itself. */
export type Stage = { readonly url: string; readonly over: Promise<never> };

/** Starts a private Redis with the scene in it, the sandbox and the bot. */
export async function startStage({
  scene,
  port,
  botProgram,
  say,
  stack,
  signal,
}: StageOptions): Promise<Stage> {
  // The sandbox comes first: a taken port is known before anything that takes time.
  const { story, suggestions } = scene;
  const sandbox = stack.use(await startSandbox({ port, story, suggestions }));
  signal.throwIfAborted();

  say('Starting a private Redis and putting the story into it…');
  const server = stack.use(await startRedisServer({ config: scene.redisConfig }));
  const redis = stack.use(await openFleetRedis(server.port));
  const fleet = await scene.start(redis, server.url, Date.now(), stack);
  signal.throwIfAborted();

  const playing = new AbortController();
  const played = playLive(fleet, playing.signal);
  stack.defer(async () => {
    playing.abort();
    await played.catch(() => undefined);
  });

  say('Starting the bot…');
  const folder: GuardedFolder = await makeGuardedFolder('poison-control-demo');
  stack.defer(() => folder.remove());
  const { apiUrl: slackApiUrl, botToken, appToken } = sandbox;
  const bot = await startBot(
    botProgram,
    { redisUrl: server.url, slackApiUrl, botToken, appToken, folder: folder.path },
    say,
  );
  stack.defer(() => stopBot(bot));

  const over = Promise.race([
    bot.exited.then(({ code, signal: by }) => Promise.reject(new Error(`The bot ended (${by ?? code}).`))),
    played.then(() => new Promise<never>(() => undefined)),
  ]);
  // Whoever starts us decides when to look; until then a failure must not count as unhandled.
  over.catch(() => undefined);
  await Promise.race([sandbox.waitForBot(BOT_DEADLINE_MS), over, abortOf(signal)]);
  return { url: sandbox.url, over };
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
