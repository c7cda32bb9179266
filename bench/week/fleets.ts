import { createWriteStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Fleet, type FleetSettings } from '../../src/sandbox/fleet/fleet.ts';
import { DISASTER, INNOCENT, type JobClass } from '../../src/sandbox/fleet/job-class.ts';
import type { ProcessSettings } from '../../src/sandbox/fleet/process.ts';
import { payrollContainers } from '../../src/sandbox/fleet/stories/containers.ts';
import { RealSidekiq } from '../../src/sandbox/real-sidekiq/supervised.ts';
import { type RedisServer, startRedisServer } from '../../src/sandbox/redis-server.ts';
import { Line } from '../../test/faults/line.ts';
import { Books } from './books.ts';
import { FleetLine } from './fleet-line.ts';
import { RealWork } from './real-work.ts';
import { Turns } from './turns.ts';

/** One Sidekiq with everything around it: a Redis that keeps what it is told, a line that can be spoiled, workers, books. */
export type Sidekiq = AsyncDisposable & {
  readonly name: 'simulated' | 'real';
  readonly delivers: 'exactly once' | 'at least once';
  readonly server: RedisServer;
  /** Between it and the bots; workers are past it. */
  readonly line: Line;
  readonly books: Books;
  readonly classes: readonly string[];
  readonly hosts: readonly string[];
  /** Ends the process of some worker as the kernel does. */
  killWorker(at: number): Promise<void>;
  /** Ends Redis as a power cut does, and starts it again with all that it had answered for. */
  restartRedis(): Promise<void>;
  stopProducing(): void;
  /** Workers come to rest. */
  stop(): Promise<void>;
};

const BETWEEN_STEPS_MS = 100;
/** Jobs of the queue `bulk` come faster than its workers: the backlog that people purge and put back. */
const BULK: JobClass = {
  name: 'NightlyBulkJob',
  queue: 'bulk',
  look: 'plain',
  durationMs: 300,
  perSecond: 20,
};
/** Grows until it takes its process along, every ten seconds or so while such jobs are there. */
const KILLER: JobClass = { ...DISASTER, perSecond: 0.15, leakKbPerSecond: 12_000 };
const PLAIN = ['PayrollRunJob', 'TaxFilingJob', 'ReportExportJob', 'Recurring::CleanupJob'];
/** GitLab's own cleaning takes a job out before it puts it back, and loses it to a kill between: here the bot rescues. */
const NEVER_CLEANS_S = 7200;

/** Fifteen processes of three fetchers; some hosts stay away for minutes, so that their jobs lie stranded. */
export async function startSimulated(seed: number): Promise<Sidekiq> {
  const named = (containers: readonly ProcessSettings[], prefix: string) =>
    containers.map((container, number) => ({
      ...container,
      host: `${prefix}-${number}`,
      weights: number === 0 && prefix !== 'lab' ? { ...container.weights, bulk: 1 } : container.weights,
      ...(number % 2 === 1 ? { restartMs: { least: 75_000, most: 200_000 } } : {}),
    }));
  const containers = [
    ...named(payrollContainers(5, '4.2.10', 'reliable_fetch'), 'old'),
    ...named(payrollContainers(6, '7.3.10', 'super_fetch'), 'new'),
    ...named(payrollContainers(4, '6.5.12', 'gitlab-reliable'), 'lab'),
  ];
  const innocent = INNOCENT.map((jobClass) => ({ ...jobClass, perSecond: jobClass.perSecond * 3 }));
  const classes = [...innocent, BULK, KILLER];
  await using opened = new AsyncDisposableStack();
  const stage = await setStage(opened, { containers, classes, clientVersion: '7.3.10', seed });
  const hosts = containers.map(({ host }) => host);
  const stack = opened.move();
  return {
    ...stage,
    name: 'simulated',
    delivers: 'exactly once',
    hosts,
    killWorker: async (at) => stage.fleet.kill(hosts[Math.floor(at * hosts.length)] ?? ''),
    stop: stage.stopPlaying,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Real Ruby processes that really get killed; only the application that pushes jobs is played. */
export async function startReal(seed: number, logs: string): Promise<Sidekiq> {
  const innocent = INNOCENT.filter(({ name }) => PLAIN.includes(name));
  const classes = [
    ...innocent.map((jobClass) => ({ ...jobClass, perSecond: jobClass.perSecond * 1.5 })),
    { ...DISASTER, perSecond: 0.05 },
    { ...BULK, name: 'EmployeeSyncJob', perSecond: 8 },
  ];
  await using opened = new AsyncDisposableStack();
  const stage = await setStage(opened, { containers: [], classes, clientVersion: '6.4.1', seed });
  const hosts = ['ruby-0', 'ruby-1'];
  // Nobody takes from `bulk` here, so that what is purged and put back lies there to be counted.
  const queues = [DISASTER.queue, 'payroll', 'reports'];
  const processes = hosts.map((host) => {
    const work = new RealWork(stage.books);
    const log = opened.adopt(createWriteStream(`${logs}/${host}.log`), (stream) => void stream.end());
    const sidekiq = opened.use(
      new RealSidekiq({
        redisUrl: stage.server.url,
        queues,
        concurrency: 4,
        fetcher: 'gitlab-reliable',
        restart: true,
        host,
        disasterAfterSeconds: 12,
        rescueEverySeconds: NEVER_CLEANS_S,
        maxInterruptions: -1,
        hear: (text) => {
          log.write(text);
          work.hear(text);
        },
      }),
    );
    return { sidekiq, work };
  });
  await Promise.all(processes.map(({ sidekiq }) => sidekiq.start()));
  const stack = opened.move();
  return {
    ...stage,
    name: 'real',
    delivers: 'at least once',
    hosts,
    killWorker: async (at) => processes[Math.floor(at * processes.length)]?.sidekiq.kill(),
    restartRedis: async () => {
      await stage.restartRedis();
      for (const { work } of processes) work.redisWasAway();
    },
    stop: async () => {
      await stage.stopPlaying();
      await Promise.all(processes.map(({ sidekiq }) => sidekiq.stop()));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** What both have: the servers, the books, and the application that pushes jobs until it is told to stop. */
async function setStage(opened: AsyncDisposableStack, settings: FleetSettings) {
  const server = opened.use(await startRedisServer({ persistent: true }));
  const line = opened.use(await new Line(server.port).open());
  const books = new Books();
  const fleetLine = opened.use(await FleetLine.open(server.port, books));
  let isProducing = true;
  const classes = settings.classes.map((jobClass) => ({
    ...jobClass,
    get perSecond() {
      return isProducing ? jobClass.perSecond : 0;
    },
  }));
  const fleet = new Fleet(fleetLine, { ...settings, classes }, Date.now());
  const turns = new Turns();
  const ending = new AbortController();
  const playing = play(fleet, turns, ending.signal);
  // Whoever stops it hears of it; until then it must not count as unhandled.
  playing.catch(() => {});
  const stopPlaying = async () => {
    ending.abort();
    await playing;
  };
  opened.defer(() => stopPlaying().catch(() => {}));
  return {
    server,
    line,
    books,
    fleet,
    classes: classes.map(({ name }) => name),
    restartRedis: () =>
      turns.take(async () => {
        await server.kill();
        await server.start();
        await fleetLine.reopen();
      }),
    stopProducing: () => {
      isProducing = false;
    },
    stopPlaying,
  };
}

async function play(fleet: Fleet, turns: Turns, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await turns.take(() => fleet.advance(Date.now()));
    await pause(BETWEEN_STEPS_MS);
  }
}
