import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { startRedisServer } from '../redis-server.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('two private servers do not share anything and end without a trace', async () => {
  const first = await startRedisServer();
  const second = await startRedisServer();
  expect(first.port).not.toBe(second.port);
  const redis = new Redis(first.url);
  await redis.set('here', '1');
  redis.disconnect();
  const pid = first.pid ?? 0;
  await first.stop();
  expect(isRunning(pid)).toBe(false);
  expect(existsSync(first.folder)).toBe(false);
  const other = new Redis(second.url);
  expect(await other.exists('here')).toBe(0);
  other.disconnect();
  await second.stop();
});

test('settings, limits and ACL users are lines of redis.conf', async () => {
  await using server = await startRedisServer({
    config: [
      'maxmemory 7mb',
      'maxmemory-policy noeviction',
      'user reader on >secret ~* &* +@read -@dangerous',
    ],
  });
  const redis = new Redis(server.url, { username: 'reader', password: 'secret', enableReadyCheck: false });
  await expect(redis.set('key', 'value')).rejects.toThrow(/NOPERM/);
  expect(await redis.get('key')).toBeNull();
  redis.disconnect();
  const admin = new Redis(server.url);
  expect(await admin.config('GET', 'maxmemory')).toEqual(['maxmemory', String(7 * 1024 * 1024)]);
  admin.disconnect();
});

test('a persistent server that is killed comes back on its port with every write', async () => {
  await using server = await startRedisServer({ persistent: true });
  const { port } = server;
  const redis = new Redis(server.url);
  await redis.rpush('queue:default', 'a', 'b');
  redis.disconnect();
  await server.kill();
  await server.start();
  expect(server.port).toBe(port);
  const again = new Redis(server.url);
  expect(await again.lrange('queue:default', 0, -1)).toEqual(['a', 'b']);
  again.disconnect();
});

test('a sentinel can be started as well', async () => {
  await using main = await startRedisServer();
  await using sentinel = await startRedisServer({
    args: ['--sentinel'],
    config: [`sentinel monitor main 127.0.0.1 ${main.port} 1`],
  });
  const redis = new Redis({ sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name: 'main' });
  expect(await redis.ping()).toBe('PONG');
  redis.disconnect();
});

test('a wrong setting and a taken port are errors that quote Redis', async () => {
  await expect(startRedisServer({ config: ['no-such-setting 1'] })).rejects.toThrow(/no-such-setting/);
  await using server = await startRedisServer();
  await expect(startRedisServer({ port: server.port })).rejects.toThrow(/Address already in use/);
});

test('a server does not outlive a process that was killed with SIGKILL', async () => {
  const script = `
    const { startRedisServer } = await import('./src/sandbox/redis-server.ts');
    const server = await startRedisServer();
    console.log(JSON.stringify({ pid: server.pid, folder: server.folder }));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: REPOSITORY });
  const { pid, folder } = await new Promise<{ pid: number; folder: string }>((resolve) => {
    owner.stdout.once('data', (chunk: Buffer) => resolve(JSON.parse(chunk.toString())));
  });
  expect(isRunning(pid)).toBe(true);
  owner.kill('SIGKILL');
  await eventually(() => !isRunning(pid));
  await eventually(() => !existsSync(folder));
});
