import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { findFreePort } from '../src/sandbox/free-port.ts';
import { makeGuardedFolder, startGuarded } from '../src/sandbox/guarded.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import type { Benchmark } from './benchmark.ts';
import { type Figure, ofRounds } from './figure.ts';
import { seedFleet } from './snapshot.ts';

const STARTS = 3;
/** Longer than it takes until a start is tidied up behind (src/after-start.ts). */
const IDLE_MS = 20_000;
const CHANNEL = 'C0PAYROLL';
const TICK_MS = 10;

/** The ways in which people start it: the image, the unit and `npm start` run the source, the npm package what script/build made. */
const WAYS = [
  { name: 'from source', program: 'src/main.ts' },
  { name: 'npm package', program: 'dist/src/main.js' },
] as const;

type Way = (typeof WAYS)[number];

/**
 * What it costs to have the bot: from its start to its first answer, and the memory that it holds when nobody asks. The ways take
 * turns, so that a busy moment of the machine meets both; the first start of each compiles, the others use what it left.
 */
export const idle: Benchmark = {
  name: 'idle',
  run: async () => {
    await promisify(execFile)('script/build');
    await using server = await startRedisServer();
    await using compiled = await openCompiled();
    const starts = new Map<Way, Start[]>(WAYS.map((way) => [way, []]));
    for (let nth = 0; nth <= STARTS; nth += 1) {
      for (const way of WAYS) {
        await using bot = await startIdle(way, server.url, compiled.path);
        starts.get(way)?.push({ ...bot.start, rssMb: await bot.rssMb() });
      }
    }
    const redis = new Redis(server.url);
    await seedFleet(redis);
    redis.disconnect();
    await using busy = await startIdle(WAYS[0], server.url, compiled.path);
    return [
      ...[...starts].flatMap(([way, all]) => figuresOf(way, all)),
      { what: 'memory when it watches 500 processes x 25 threads', value: await busy.rssMb(), unit: 'MB' },
    ];
  },
};

function figuresOf({ name }: Way, [first, ...later]: readonly Start[]): Figure[] {
  const seconds = (read: (start: Start) => number) => ofRounds(later.map((start) => read(start) / 1000));
  return [
    { what: `${name}, start to listening`, ...seconds((s) => s.listeningMs), unit: 's' },
    { what: `${name}, start to connected`, ...seconds((s) => s.connectedMs), unit: 's' },
    { what: `${name}, start to the first answer`, ...seconds((s) => s.answeredMs), unit: 's', atMost: 2 },
    {
      what: `${name}, the very first start to its first answer`,
      value: (first?.answeredMs ?? Number.NaN) / 1000,
      unit: 's',
    },
    { what: `${name}, time of a processor until then`, ...seconds((s) => s.processorMs), unit: 's' },
    {
      what: `${name}, memory when nobody asks`,
      ...ofRounds(later.map(({ rssMb }) => rssMb)),
      unit: 'MB',
      atMost: 150,
    },
  ];
}

type Start = {
  readonly listeningMs: number;
  readonly connectedMs: number;
  readonly answeredMs: number;
  /** Of any core, in user mode: a busy machine moves it less than the times that pass. */
  readonly processorMs: number;
  readonly rssMb: number;
};

/** Where Node keeps what it compiled. Nobody's is there yet. */
async function openCompiled() {
  const folder = await makeGuardedFolder('poison-control-compiled');
  return { path: folder.path, [Symbol.asyncDispose]: () => folder.remove() };
}

/** Starts it, and asks it one thing. */
async function startIdle({ program }: Way, redisUrl: string, compiled: string) {
  await using opened = new AsyncDisposableStack();
  const sandbox = opened.use(await startSandbox());
  const folder = await makeGuardedFolder('poison-control-idle');
  opened.defer(() => folder.remove());
  const port = await findFreePort();
  const startedAtMs = performance.now();
  const since = () => performance.now() - startedAtMs;
  const bot = await startGuarded(
    process.execPath,
    ['--max-semi-space-size=8', `${process.cwd()}/${program}`],
    {
      cwd: folder.path,
      env: {
        ...sandbox.env,
        SIDEKIQ_REDIS_URL: redisUrl,
        HTTP_PORT: String(port),
        NODE_COMPILE_CACHE: compiled,
      },
      stdio: 'ignore',
    },
  );
  opened.defer(async () => {
    // Asked to go, it leaves what it compiled to the next one.
    bot.child.kill('SIGTERM');
    await bot.exited;
  });
  const listening = untilListening(port).then(since);
  await sandbox.waitForBot(60_000);
  const connectedMs = since();
  await sandbox.people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq health' });
  await sandbox.people.waitForMessage('U0ANN', ({ text }) => text.includes('default'), 60_000);
  const answeredMs = since();
  const processorMs = processorMsOf(bot.pid);
  const stack = opened.move();
  return {
    start: { listeningMs: await listening, connectedMs, answeredMs, processorMs, rssMb: 0 },
    rssMb: async () => {
      await pause(IDLE_MS);
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]) / 1024 / 1024;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok === true) return;
    await pause(TICK_MS);
  }
}

/** Linux counts it in hundredths of a second; where there is no /proc it is not known. */
function processorMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[11]) * 10;
  } catch {
    return Number.NaN;
  }
}
