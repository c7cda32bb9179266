import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findFreePort } from '../src/sandbox/free-port.ts';
import { makeGuardedFolder, startGuarded } from '../src/sandbox/guarded.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import type { Benchmark } from './benchmark.ts';
import { seedFleet } from './snapshot.ts';

const STARTS = 3;
const IDLE_MS = 20_000;
const CHANNEL = 'C0PAYROLL';

/** What it costs to have the bot: from its start to its first answer, and the memory that it holds when nobody asks. */
export const idle: Benchmark = {
  name: 'idle',
  run: async () => {
    await using server = await startRedisServer();
    const startsMs: number[] = [];
    let rssMb = 0;
    for (let nth = 1; nth <= STARTS; nth += 1) {
      await using bot = await startIdle(server.url);
      startsMs.push(bot.startedMs);
      if (nth === STARTS) rssMb = await bot.rssMb();
    }
    const redis = new Redis(server.url);
    await seedFleet(redis);
    redis.disconnect();
    await using busy = await startIdle(server.url);
    return [
      {
        what: 'from start to the first answer, best of three',
        value: Math.min(...startsMs) / 1000,
        unit: 's',
        atMost: 2,
      },
      {
        what: 'from start to the first answer, worst of three',
        value: Math.max(...startsMs) / 1000,
        unit: 's',
      },
      { what: 'memory when nobody asks', value: rssMb, unit: 'MB', atMost: 150 },
      { what: 'memory when it watches 500 processes x 25 threads', value: await busy.rssMb(), unit: 'MB' },
    ];
  },
};

/** Starts it as `npm start` does, and asks it one thing. */
async function startIdle(redisUrl: string) {
  await using opened = new AsyncDisposableStack();
  const sandbox = opened.use(await startSandbox());
  const folder = await makeGuardedFolder('poison-control-idle');
  opened.defer(() => folder.remove());
  const port = await findFreePort();
  const startedAtMs = performance.now();
  const bot = await startGuarded(
    process.execPath,
    ['--max-semi-space-size=8', `${process.cwd()}/src/main.ts`],
    {
      cwd: folder.path,
      env: {
        SLACK_API_URL: sandbox.apiUrl,
        SLACK_BOT_TOKEN: sandbox.botToken,
        SLACK_APP_TOKEN: sandbox.appToken,
        SIDEKIQ_REDIS_URL: redisUrl,
        HTTP_PORT: String(port),
      },
      stdio: 'ignore',
    },
  );
  opened.defer(async () => {
    await bot.kill();
  });
  await sandbox.waitForBot(30_000);
  await sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq health' });
  await sandbox.people.waitForMessage('U0ANN', ({ text }) => text.includes('default'), 30_000);
  const startedMs = performance.now() - startedAtMs;
  const stack = opened.move();
  return {
    startedMs,
    rssMb: async () => {
      await pause(IDLE_MS);
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]) / 1024 / 1024;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
