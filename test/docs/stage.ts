import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { job } from '../redis/reading.ts';
import { killProcess, seedProcess } from '../redis/rescue/seeds.ts';
import { startRedisServer } from '../redis-server.ts';

export const CHANNEL = 'C0PAYROLL';
/** What has left jobs behind, and the list in which they lie. */
export const DEAD = 'dead-1:1:cccccccccccc';
export const STRANDED = `queue:sq|${DEAD}|default`;

/** A Redis in the middle of a migration, a Slack, and an environment that names both: where the commands of the docs are run. */
export type Stage = AsyncDisposable & {
  readonly sandbox: Sandbox;
  readonly redisUrl: string;
  readonly env: Readonly<Record<string, string>> & {
    readonly DATABASE_URL: string;
    readonly BACKUPS: string;
  };
};

export async function openStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startRedisServer());
  const redis = new Redis(server.url);
  await redis.sadd('processes', 'w:1:0123456789ab');
  await redis.sadd('queues', 'default');
  await redis.lpush('queue:default', job('Recurring::DisasterJob'), job('PayrollRunJob'));
  // In the middle of a migration: one old process, one new one, and what a dead one has left.
  await seedProcess(redis, 'old-1:1:aaaaaaaaaaaa', { version: '7.3.10' });
  await seedProcess(redis, 'new-1:1:bbbbbbbbbbbb', { version: '7.3.10', isSuper: true });
  await seedProcess(redis, DEAD, { version: '7.3.10', isSuper: true });
  await killProcess(redis, DEAD);
  await redis.lpush(STRANDED, fresh('PayrollRunJob'));
  await redis.quit();
  const sandbox = stack.use(await startSandbox());
  const folder = await makeGuardedFolder('poison-control-docs');
  stack.defer(() => folder.remove());
  await mkdir(join(folder.path, 'backups'));
  const settings = {
    sidekiqs: { payroll: { redis: server.url } },
    approvals: { requesters: ['S0ONCALL'], approvers: ['S0LEADS'] },
  };
  await writeFile(join(folder.path, 'settings.yml'), JSON.stringify(settings));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    ...sandbox.env,
    POISON_CONTROL_CONFIG: join(folder.path, 'settings.yml'),
    DATABASE_URL: `sqlite:${join(folder.path, 'store.sqlite')}`,
    BACKUPS: join(folder.path, 'backups'),
  };
  const open = stack.move();
  return { sandbox, redisUrl: server.url, env, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/** A job of now: one that is older than a week is rescued only with a yes of its own. */
export const fresh = (jobClass: string): string => job(jobClass, { created_at: Date.now() / 1000 });

export type Ran = {
  readonly code: number;
  readonly stdout: string;
  /** What a person sees, faults too. */
  readonly output: string;
};

export const shell = (text: string, env: Readonly<Record<string, string>>) =>
  new Promise<Ran>((resolve) => {
    execFile('bash', ['--norc', '-euo', 'pipefail', '-c', text], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, stdout, output: `${stdout}${stderr}` });
    });
  });

/** Runs it to a good end, and gives what it printed. */
export async function runs(text: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { code, stdout, output } = await shell(text, env);
  expect(code, `${text}\n${output}`).toBe(0);
  return stdout;
}
