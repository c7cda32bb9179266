import { once } from 'node:events';
import { join } from 'node:path';
import { type GuardedProcess, startGuarded } from '../guarded.ts';

/** What one container runs: Debian's real Sidekiq 6.4.1 (or whichever `sidekiq` is in the PATH) with `jobs.rb`. */
export type RealSidekiqOptions = {
  readonly redisUrl: string;
  /** In strict order. */
  readonly queues: readonly string[];
  readonly concurrency?: number;
  readonly fetcher?: 'basic' | 'gitlab-reliable' | 'gitlab-semi-reliable';
  /** Start a new process whenever one dies, as a container platform does. */
  readonly restart?: boolean;
  /** The host in its identity; the machine's own name without it. */
  readonly host?: string;
  /** How long a Recurring::DisasterJob runs before it kills its process. */
  readonly disasterAfterSeconds?: number;
  /** GitLab's fetcher: how often it looks for stranded jobs (an hour by default), and after how many interruptions a job
   * is put aside (3 by default, -1 is never). */
  readonly rescueEverySeconds?: number;
  readonly maxInterruptions?: number;
  /** Hears what its processes write, as it comes: Sidekiq says there which job begins and which is done. */
  readonly hear?: (text: string) => void;
};

/** Said by jobs.rb; Sidekiq itself says that it is ready only to a terminal. */
const READY = 'first heartbeat sent';
const START_DEADLINE_MS = 30_000;
/** Sidekiq gives its jobs 1 s (`-t 1`) and needs a moment more. */
const STOP_DEADLINE_MS = 15_000;
const RESTART_AFTER_MS = 300;
const LOG_KEPT_CHARACTERS = 20_000;

/** A container with a real Sidekiq in it: supervised, and gone when we are. */
export class RealSidekiq implements AsyncDisposable {
  readonly #options: RealSidekiqOptions;
  #process: GuardedProcess | undefined;
  #isStopping = false;
  #supervision: Promise<void> = Promise.resolve();
  #crashes = 0;
  #log = '';

  constructor(options: RealSidekiqOptions) {
    this.#options = options;
  }

  /** Processes that died in it and were not stopped by us. */
  get crashes(): number {
    return this.#crashes;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The last lines that its processes wrote. */
  get log(): string {
    return this.#log;
  }

  async start(): Promise<void> {
    const process = await this.#launch();
    this.#supervision = this.#supervise(process);
  }

  /** SIGKILL, as the kernel does; a new process follows if it restarts. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** TERM, so that Sidekiq takes its leave; SIGKILL for one that does not go. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const process = this.#process;
    if (process !== undefined) {
      process.child.kill('SIGTERM');
      const tooLong = setTimeout(() => process.kill(), STOP_DEADLINE_MS);
      await process.exited;
      clearTimeout(tooLong);
    }
    await this.#supervision;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #supervise(first: GuardedProcess): Promise<void> {
    for (let process = first; ; ) {
      await process.exited;
      this.#process = undefined;
      if (this.#isStopping) return;
      this.#crashes += 1;
      if (this.#options.restart !== true) return;
      await new Promise((resolve) => setTimeout(resolve, RESTART_AFTER_MS));
      if (this.#isStopping) return;
      process = await this.#spawn();
    }
  }

  async #launch(): Promise<GuardedProcess> {
    const process = await this.#spawn();
    const isReady = await new Promise<boolean>((resolve) => {
      const deadline = setTimeout(() => resolve(false), START_DEADLINE_MS);
      process.child.stdout?.on('data', () => {
        if (this.#log.includes(READY)) resolve(true);
      });
      // `close` and not `exit`: only then its last words have been read.
      once(process.child, 'close').then(() => resolve(false));
      process.exited.then(() => clearTimeout(deadline));
    });
    if (!isReady) {
      await process.kill();
      throw new Error(`sidekiq did not start:\n${this.#log}`);
    }
    return process;
  }

  async #spawn(): Promise<GuardedProcess> {
    const started = await startGuarded('sidekiq', argumentsFor(this.#options), {
      env: { ...process.env, ...environmentFor(this.#options) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = started;
    const read = (chunk: Buffer): void => {
      this.#log = (this.#log + chunk.toString()).slice(-LOG_KEPT_CHARACTERS);
      this.#options.hear?.(chunk.toString());
    };
    started.child.stdout?.on('data', read);
    started.child.stderr?.on('data', read);
    // Stopped between the launch and this line: nobody would stop it later.
    if (this.#isStopping) started.child.kill('SIGTERM');
    return started;
  }
}

/** Starts a real Sidekiq and waits until it takes jobs. */
export async function startSidekiq(options: RealSidekiqOptions): Promise<RealSidekiq> {
  const sidekiq = new RealSidekiq(options);
  await sidekiq.start();
  return sidekiq;
}

function argumentsFor({ queues, concurrency = 5 }: RealSidekiqOptions): string[] {
  const jobs = join(import.meta.dirname, 'jobs.rb');
  const queueArguments = queues.flatMap((queue) => ['-q', queue]);
  return ['-r', jobs, '-c', String(concurrency), '-t', '1', '-g', 'payroll', ...queueArguments];
}

function environmentFor(options: RealSidekiqOptions): Record<string, string> {
  return {
    REDIS_URL: options.redisUrl,
    FETCHER: options.fetcher ?? 'basic',
    DISASTER_AFTER_SECONDS: String(options.disasterAfterSeconds ?? 0),
    RESCUE_EVERY_SECONDS: String(options.rescueEverySeconds ?? 3600),
    MAX_INTERRUPTIONS: String(options.maxInterruptions ?? 3),
    // Sidekiq takes its host name from here first.
    ...(options.host === undefined ? {} : { DYNO: options.host }),
  };
}
