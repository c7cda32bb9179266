import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findFreePort } from '../src/sandbox/free-port.ts';
import {
  type GuardedFolder,
  type GuardedProcess,
  makeGuardedFolder,
  startGuarded,
} from '../src/sandbox/guarded.ts';

const run = promisify(execFile);
const START_DEADLINE_MS = 60_000;

/** A PostgreSQL that a test started: nobody else's data is in it, and it goes away with the test. */
export class PostgresServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: GuardedFolder;
  readonly #data: string;
  #process: GuardedProcess | undefined;
  #databases = 0;

  constructor(port: number, folder: GuardedFolder, data: string) {
    this.port = port;
    this.#folder = folder;
    this.#data = data;
  }

  /** A database of its own for one test. */
  async createDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await this.#query(`create database ${name}`);
    return `postgres://postgres@127.0.0.1:${this.port}/${name}`;
  }

  /** After `kill` again on the same port, with all that was committed. */
  async start(): Promise<void> {
    const deadlineMs = Date.now() + START_DEADLINE_MS;
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: '',
      // The kernel survives the tests' kills, so nothing is lost without it.
      fsync: 'off',
      max_connections: '60',
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    for (;;) {
      const [command = '', ...args] = asPostgres('postgres', ['-D', this.#data, ...flags]);
      const process = await startGuarded(command, args, { stdio: 'ignore' });
      let hasExited = false;
      void process.exited.then(() => {
        hasExited = true;
      });
      while (!hasExited && Date.now() < deadlineMs) {
        if (await this.#answers()) {
          this.#process = process;
          return;
        }
        await pause(50);
      }
      await process.kill();
      // After a kill the old backends may hold its shared memory for a moment longer.
      if (Date.now() > deadlineMs) throw new Error(`postgres did not start on port ${this.port}`);
      await pause(50);
    }
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#folder.remove();
  }

  async #answers(): Promise<boolean> {
    return this.#query('select 1').then(
      () => true,
      () => false,
    );
  }

  async #query(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: `postgres://postgres@127.0.0.1:${this.port}/postgres` });
    client.on('error', () => {});
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  }
}

/** Starts a private PostgreSQL on the loopback; `await using` ends it. `disk` is where its data lie, if not on the machine's own. */
export async function startPostgresServer({
  disk,
}: {
  readonly disk?: string;
} = {}): Promise<PostgresServer> {
  const folder = await makeGuardedFolder('poison-control-postgres');
  try {
    const data = join(disk ?? folder.path, 'data');
    await mkdir(data, { mode: 0o700 });
    if (isRoot()) {
      const { stdout } = await run('id', ['-u', 'postgres']);
      for (const path of [folder.path, data]) await chown(path, Number(stdout), -1);
    }
    const [command = '', ...args] = asPostgres('initdb', [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '-N',
      '--locale=C',
      // What it keeps ready would fill a small disk.
      ...(disk === undefined ? [] : ['--wal-segsize=1']),
    ]);
    await run(command, args);
    const server = new PostgresServer(await findFreePort(), folder, data);
    await server.start();
    return server;
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** PostgreSQL refuses to run as root; `setpriv` becomes its user and the very program, without a process between. */
function asPostgres(program: string, args: readonly string[]): string[] {
  const path = join(binaries(), program);
  const become = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--'];
  return [...(isRoot() ? become : []), path, ...args];
}

/** Debian keeps them out of the PATH, one folder per version; the newest is taken. */
function binaries(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map(Number) : [];
  const newest = versions.sort((a, b) => b - a).map((version) => join(debian, String(version), 'bin'));
  const candidates = [...newest, ...(process.env['PATH'] ?? '').split(':')];
  const found = candidates.find((folder) => existsSync(join(folder, 'initdb')));
  if (found === undefined) throw new Error('PostgreSQL is not installed: script/install-tools postgresql');
  return found;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
