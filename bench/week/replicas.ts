import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { findFreePort } from '../../src/sandbox/free-port.ts';
import { type GuardedProcess, startGuarded } from '../../src/sandbox/guarded.ts';
import { eventually } from '../../test/eventually.ts';

const READY_WITHIN_MS = 60_000;
const START_TRIES = 10;
const RETRY_MS = 500;
/** Longer than the bot gives itself to end, and as long as platforms wait. */
const LEAVE_WITHIN_MS = 30_000;

/** How much memory one process of a replica had at an age. */
export type Rss = {
  readonly replica: string;
  readonly atMs: number;
  readonly ageMs: number;
  readonly mb: number;
};

/** One bot of three, as `npm start` starts it, that a fault may kill, stop or freeze; then it is started again. */
export class Replica implements AsyncDisposable {
  readonly name: string;
  /** How often it did not end within its time when it was asked to. */
  stubborn = 0;
  /** How often it gave up at its start, as it does where Slack or the store is away just then, and was started again. */
  retries = 0;
  /** How often it ended though nobody had touched it. */
  deaths = 0;
  readonly #env: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #port: number;
  #process: GuardedProcess | undefined;
  #startedAtMs = 0;
  #isBusy = false;

  private constructor(name: string, port: number, folder: string, env: Readonly<Record<string, string>>) {
    this.name = name;
    this.#env = env;
    this.#folder = folder;
    this.#port = port;
  }

  static async start(name: string, folder: string, env: Readonly<Record<string, string>>): Promise<Replica> {
    const replica = new Replica(name, await findFreePort(), folder, env);
    await replica.#start();
    return replica;
  }

  /** A fault has it in hand already. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** SIGKILL, and after a while the platform starts it again. */
  async kill(awayMs: number): Promise<void> {
    await this.#inHand(async () => {
      await this.#process?.kill();
      await pause(awayMs);
      await this.#start();
    });
  }

  /** SIGTERM, as a deploy does. */
  async restart(): Promise<void> {
    await this.#inHand(async () => {
      await this.stop();
      await this.#start();
    });
  }

  /** Stands still, as in a long pause of its machine, and then goes on as if nothing had been. */
  async freeze(forMs: number): Promise<void> {
    await this.#inHand(async () => {
      this.#process?.child.kill('SIGSTOP');
      await pause(forMs);
      this.#process?.child.kill('SIGCONT');
    });
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    const leaving = this.#process;
    if (leaving === undefined) return;
    leaving.child.kill('SIGTERM');
    const tooLong = setTimeout(() => void leaving.kill(), LEAVE_WITHIN_MS);
    const { code } = await leaving.exited;
    clearTimeout(tooLong);
    if (code !== 0) this.stubborn += 1;
  }

  /** Undefined where it can't be asked now. */
  async rss(): Promise<Rss | undefined> {
    if (this.#isBusy) return undefined;
    const atMs = Date.now();
    const text = await this.metrics();
    const bytes = Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]);
    if (Number.isNaN(bytes)) return undefined;
    return { replica: this.name, atMs, ageMs: atMs - this.#startedAtMs, mb: bytes / 1024 / 1024 };
  }

  /** What it says of itself; empty where it can't be asked now. */
  async metrics(): Promise<string> {
    const asked = fetch(`http://127.0.0.1:${this.#port}/metrics`, { signal: AbortSignal.timeout(3000) });
    return asked.then((answer) => answer.text()).catch(() => '');
  }

  /** Starts it again if it ended by itself, as its platform would, and counts that. */
  async revive(): Promise<void> {
    const child = this.#process?.child;
    if (this.#isBusy || child === undefined || (child.exitCode === null && child.signalCode === null)) return;
    this.deaths += 1;
    await this.#inHand(() => this.#start());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.kill();
  }

  async #inHand(deed: () => Promise<void>): Promise<void> {
    this.#isBusy = true;
    try {
      await deed();
    } finally {
      this.#isBusy = false;
    }
  }

  /** Exit code 1 says that a restart may cure it: so does a platform. */
  async #start(): Promise<void> {
    for (let nth = 1; ; nth += 1) {
      await this.#spawn();
      const isRunning = await this.#becomesReady();
      if (isRunning) return;
      this.retries += 1;
      if (nth === START_TRIES) throw new Error(`replica ${this.name} does not start; its log tells why`);
      await pause(RETRY_MS);
    }
  }

  async #spawn(): Promise<void> {
    const log = openSync(`${this.#folder}/${this.name}.log`, 'a');
    try {
      this.#process = await startGuarded(
        process.execPath,
        ['--max-semi-space-size=8', `${process.cwd()}/src/main.ts`],
        { env: { ...this.#env, HTTP_PORT: String(this.#port) }, stdio: ['ignore', log, log] },
      );
    } finally {
      closeSync(log);
    }
    this.#startedAtMs = Date.now();
  }

  /** False when it ended instead. */
  async #becomesReady(): Promise<boolean> {
    let hasEnded = false;
    await eventually(async () => {
      hasEnded = this.#process?.child.exitCode !== null;
      return hasEnded || (await this.#isReady());
    }, READY_WITHIN_MS);
    return !hasEnded;
  }

  async #isReady(): Promise<boolean> {
    const asked = fetch(`http://127.0.0.1:${this.#port}/readyz`, { signal: AbortSignal.timeout(2000) });
    return asked.then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
