import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from './free-port.ts';
import { type GuardedFolder, type GuardedProcess, makeGuardedFolder, startGuarded } from './guarded.ts';

/** How a private Redis differs from a plain one. */
export type RedisServerOptions = {
  /** A fixed port; without it a free one is taken. */
  readonly port?: number;
  /** Keep every write (append only file, synced at once), so that `kill` and `start` lose nothing. Default: keep nothing. */
  readonly persistent?: boolean;
  /** More lines of redis.conf: `maxmemory 64mb`, `user reader on >secret ~* +@read`, `rename-command INFO ""`. */
  readonly config?: readonly string[];
  /** Command line arguments beyond the configuration file, such as `--sentinel`. */
  readonly args?: readonly string[];
};

const MAX_START_TRIES = 5;
const START_DEADLINE_MS = 20_000;
const READY = /Ready to accept connections|Sentinel ID is/;

/** A Redis that we started: nobody else's data is in it, and it goes away with us. */
export class RedisServer implements AsyncDisposable {
  readonly #options: RedisServerOptions;
  readonly #folder: GuardedFolder;
  #port = 0;
  #process: GuardedProcess | undefined;

  constructor(options: RedisServerOptions, folder: GuardedFolder) {
    this.#options = options;
    this.#folder = folder;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}/0`;
  }

  /** Where its files are, as long as it lives. */
  get folder(): string {
    return this.#folder.path;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts it; after `kill` again on the same port, with whatever it had kept. */
  async start(): Promise<void> {
    const fixedPort = this.#options.port ?? (this.#port || undefined);
    for (let tries = 1; ; tries += 1) {
      const port = fixedPort ?? (await findFreePort());
      const outcome = await this.#tryToStart(port);
      if ('process' in outcome) {
        this.#port = port;
        this.#process = outcome.process;
        return;
      }
      // Between finding a free port and binding it another program may have taken it.
      const isWorthRetrying = fixedPort === undefined && outcome.log.includes('Address already in use');
      if (!isWorthRetrying || tries === MAX_START_TRIES) {
        throw new Error(`redis-server did not start on port ${port}:\n${outcome.log.slice(-2000)}`);
      }
    }
  }

  /** Ends it as a power cut would; its folder stays for the next `start`. */
  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
  }

  /** Ends it and removes everything it wrote. */
  async stop(): Promise<void> {
    await this.kill();
    await this.#folder.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #tryToStart(port: number): Promise<{ process: GuardedProcess } | { log: string }> {
    const path = join(this.#folder.path, 'redis.conf');
    await writeFile(path, configFor(port, this.#folder.path, this.#options).join('\n'), { mode: 0o600 });
    const process = await startGuarded('redis-server', [path, ...(this.#options.args ?? [])], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    const { child } = process;
    const isReady = await new Promise<boolean>((resolve) => {
      const deadline = setTimeout(() => resolve(false), START_DEADLINE_MS);
      const read = (chunk: Buffer): void => {
        log += chunk.toString();
        if (READY.test(log)) resolve(true);
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      process.exited.then(() => resolve(false));
      child.once('close', () => clearTimeout(deadline));
    });
    if (!isReady) {
      await process.kill();
      return { log };
    }
    // From here on its log is of no use, but an unread pipe would fill up and block it.
    child.stdout?.removeAllListeners('data').resume();
    child.stderr?.removeAllListeners('data').resume();
    return { process };
  }
}

/** Starts a private redis-server on the loopback; `await using` or `stop` ends it. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = new RedisServer(options, await makeGuardedFolder('poison-control-redis'));
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

function configFor(port: number, folder: string, options: RedisServerOptions): string[] {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${JSON.stringify(folder)}`,
    'save ""',
    ...(options.persistent === true ? ['appendonly yes', 'appendfsync always'] : []),
    ...(options.config ?? []),
    '',
  ];
}
