import { dialectOf, type SidekiqVersion } from './dialect.ts';
import { Expiries } from './expiries.ts';
import { createFetchStrategies } from './fetch/index.ts';
import { beatCalls, farewellCalls } from './heartbeat.ts';
import type { JobClass } from './job-class.ts';
import { pushDueJobs } from './poller.ts';
import {
  bootProcess,
  isOutOfMemory,
  type ProcessSettings,
  queueOrder,
  type SimulatedProcess,
  type Taken,
  type Thread,
} from './process.ts';
import { pushCalls } from './producer.ts';
import { type Random, seededRandom } from './random.ts';
import { type Call, countOf, type FleetRedis, textOf, textsOf } from './redis-call.ts';
import { beginJob, endJob } from './work.ts';

/** A simulated Sidekiq: its containers, and the application that gives them work. */
export type FleetSettings = {
  readonly containers: readonly ProcessSettings[];
  readonly classes: readonly JobClass[];
  /** The version of the application's client, which writes new jobs. */
  readonly clientVersion: SidekiqVersion;
  readonly seed: number;
  /** The finest step in which anything happens. A thread runs at most one job a step. */
  readonly stepMs?: number;
};

/** A container: with a process in it, or waiting to be started again. */
type Container = {
  readonly settings: ProcessSettings;
  process: SimulatedProcess | undefined;
  backAtMs: number;
};

const DEFAULT_STEP_MS = 100;
const POLL_EVERY_MS = 5_000;
/** Steps longer than this are a played past and not a live fleet. */
const LIVE_STEP_MS = 1_000;

/**
 * A fleet that writes into Redis what real processes write. It does nothing by itself: `advance` makes everything
 * happen that is due until then. Calls must not overlap.
 */
export class Fleet {
  readonly #redis: FleetRedis;
  readonly #settings: FleetSettings;
  readonly #random: Random;
  readonly #containers: readonly Container[];
  readonly #classes: ReadonlyMap<string, JobClass>;
  readonly #strategies = createFetchStrategies();
  readonly #expiries = new Expiries();
  #nowMs: number;
  #nextPollMs: number;
  #crashes = 0;

  constructor(redis: FleetRedis, settings: FleetSettings, startMs: number) {
    this.#redis = {
      call: redis.call,
      pipeline: async (calls) => {
        if (calls.length === 0) return [];
        const replies = await redis.pipeline(calls);
        this.#expiries.note(calls, replies, this.#nowMs);
        return replies;
      },
    };
    this.#settings = settings;
    this.#random = seededRandom(settings.seed);
    this.#nowMs = startMs;
    this.#nextPollMs = startMs + POLL_EVERY_MS;
    this.#classes = new Map(settings.classes.map((jobClass) => [jobClass.name, jobClass]));
    this.#containers = settings.containers.map((container) => ({
      settings: container,
      process: undefined,
      backAtMs: startMs,
    }));
  }

  /** Processes killed so far, by the kernel or by `kill`. */
  get crashes(): number {
    return this.#crashes;
  }

  /** The processes that live at this moment. */
  get processes(): readonly SimulatedProcess[] {
    return this.#containers.flatMap(({ process }) => (process === undefined ? [] : [process]));
  }

  /** Plays everything that is due until `nowMs`. */
  async advance(nowMs: number): Promise<void> {
    const isPlayed = nowMs - this.#nowMs > LIVE_STEP_MS;
    while (this.#nowMs < nowMs) {
      const stretchMs = Math.min(this.#settings.stepMs ?? DEFAULT_STEP_MS, nowMs - this.#nowMs);
      this.#nowMs += stretchMs;
      await this.#step(stretchMs);
    }
    if (isPlayed) await this.#redis.pipeline(this.#expiries.settle(nowMs));
  }

  /** Ends the process on a host as the kernel does: nothing is cleaned up, nothing is written. */
  kill(host: string): void {
    for (const container of this.#containers) if (container.settings.host === host) this.#die(container);
  }

  /** Stops the process on a host as a deployment does; its container starts a new one. */
  async stop(host: string): Promise<void> {
    for (const container of this.#containers)
      if (container.settings.host === host) await this.#stop(container);
  }

  async #step(stretchMs: number): Promise<void> {
    const nowMs = this.#nowMs;
    const { classes, clientVersion } = this.#settings;
    const dialect = dialectOf(clientVersion);
    await this.#redis.pipeline([
      ...this.#expiries.endDue(nowMs),
      ...pushCalls(classes, dialect, stretchMs, nowMs, this.#random),
    ]);
    for (const container of this.#containers) await this.#stepContainer(container);
    await this.#takeJobs();
    if (nowMs >= this.#nextPollMs && this.processes.length > 0) {
      this.#nextPollMs = nowMs + POLL_EVERY_MS;
      await pushDueJobs(this.#redis, dialect, nowMs, this.#random);
    }
  }

  async #stepContainer(container: Container): Promise<void> {
    const nowMs = this.#nowMs;
    if (container.process === undefined) {
      if (nowMs < container.backAtMs) return;
      await this.#boot(container);
      return;
    }
    const { process } = container;
    if (isOutOfMemory(process, nowMs)) return this.#die(container);
    await this.#redis.pipeline(this.#finishCalls(process));
    if (nowMs >= process.nextCleanupMs) await this.#dropStaleNames(process);
    await this.#strategyOf(process).maintain?.(process, this.#redis, nowMs);
    if (nowMs >= process.nextBeatMs) await this.#beat(container, process);
  }

  async #boot(container: Container): Promise<void> {
    const process = bootProcess(container.settings, this.#nowMs, this.#random);
    container.process = process;
    const strategy = this.#strategyOf(process);
    await this.#beat(container, process);
    process.inherited.push(...(await strategy.start(process, this.#redis, this.#nowMs)));
    await strategy.maintain?.(process, this.#redis, this.#nowMs);
  }

  #strategyOf({ settings }: SimulatedProcess) {
    return this.#strategies[settings.fetch];
  }

  #die(container: Container): void {
    if (container.process === undefined) return;
    this.#crashes += 1;
    this.#leaveContainer(container);
  }

  #leaveContainer(container: Container): void {
    const { least, most } = container.settings.restartMs;
    container.process = undefined;
    container.backAtMs = this.#nowMs + this.#random.between(least, most);
  }

  async #stop(container: Container): Promise<void> {
    const { process } = container;
    if (process === undefined) return;
    const strategy = this.#strategyOf(process);
    const unfinished = process.threads.flatMap(({ running }) =>
      running === undefined ? [] : [running.taken],
    );
    const taken = [...unfinished, ...process.inherited];
    await this.#redis.pipeline([
      ...taken.flatMap((job) => strategy.giveBack(job, this.#nowMs)),
      ...(strategy.leave?.(process) ?? []),
      ...farewellCalls(process),
    ]);
    this.#leaveContainer(container);
  }

  async #beat(container: Container, process: SimulatedProcess): Promise<void> {
    const replies = await this.#redis.pipeline(beatCalls(process, this.#nowMs, this.#random));
    process.nextBeatMs = this.#nowMs + process.dialect.heartbeatMs;
    process.sinceBeat.processed = 0;
    process.sinceBeat.failed = 0;
    process.sinceBeat.metrics.clear();
    const signal = textOf(replies.at(-1));
    // Sidekiq 4 is suspended by TSTP and knows USR1; 6 and later die of USR1 (5 knows both).
    if (signal === (process.settings.version.startsWith('4.') ? 'USR1' : 'TSTP')) process.isQuiet = true;
    if (signal === 'TERM') await this.#stop(container);
  }

  /** Sidekiq's own cleaning: a name whose hash is gone leaves `processes`, once, soon after any start. */
  async #dropStaleNames(process: SimulatedProcess): Promise<void> {
    process.nextCleanupMs = Number.POSITIVE_INFINITY;
    const names = textsOf(await this.#redis.call('SMEMBERS', 'processes'));
    const exist = await this.#redis.pipeline(names.map((name) => ['HEXISTS', name, 'info']));
    const stale = names.filter((_name, position) => exist[position] === 0);
    if (stale.length > 0) await this.#redis.pipeline([['SREM', 'processes', ...stale]]);
  }

  #finishCalls(process: SimulatedProcess): readonly Call[] {
    return process.threads.flatMap((thread) => {
      const { running } = thread;
      if (running === undefined || running.endsAtMs > this.#nowMs) return [];
      thread.running = undefined;
      const jobClass = this.#classes.get(running.className);
      const result = endJob(process, running, jobClass, this.#nowMs, this.#random);
      return [...result, ...this.#strategyOf(process).finish(running.taken)];
    });
  }

  #begin(thread: Thread, taken: Taken): void {
    thread.running = beginJob(taken, this.#classes, this.#nowMs, this.#random);
  }

  /** Free threads take the next jobs: what their process inherited first, then what the queues hold. */
  async #takeJobs(): Promise<void> {
    const free = this.processes.flatMap((process) =>
      process.isQuiet
        ? []
        : process.threads.flatMap((thread) => (thread.running ? [] : [{ process, thread }])),
    );
    const waiting = free.filter(({ process, thread }) => {
      const next = process.inherited.shift();
      if (next !== undefined) this.#begin(thread, next);
      return next === undefined;
    });
    if (waiting.length === 0) return;
    const left = await this.#queueSizes();
    const takes = waiting.flatMap(({ process, thread }) => {
      const queue = queueOrder(process.settings.weights, this.#random).find(
        (name) => (left.get(name) ?? 0) > 0,
      );
      if (queue === undefined) return [];
      left.set(queue, (left.get(queue) ?? 0) - 1);
      return [{ process, thread, queue }];
    });
    const replies = await this.#redis.pipeline(
      takes.map(({ process, queue }) => this.#strategyOf(process).take(process, queue)),
    );
    const keeps = takes.flatMap(({ process, thread, queue }, position): readonly Call[] => {
      const text = textOf(replies[position]);
      if (text === undefined) return [];
      const strategy = this.#strategyOf(process);
      const privateList = strategy.privateListFor(process, queue);
      const taken: Taken = privateList === undefined ? { queue, text } : { queue, text, privateList };
      this.#begin(thread, taken);
      return strategy.keep?.(taken) ?? [];
    });
    await this.#redis.pipeline(keeps);
  }

  async #queueSizes(): Promise<Map<string, number>> {
    const names = [...new Set(this.#settings.containers.flatMap(({ weights }) => Object.keys(weights)))];
    const sizes = await this.#redis.pipeline(names.map((name) => ['LLEN', `queue:${name}`]));
    return new Map(names.map((name, position) => [name, countOf(sizes[position])]));
  }
}
