import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { RedisUnavailable } from '../../src/ports/reading.ts';
import { openReader } from '../../src/redis/reader.ts';
import { startRedisServer } from '../redis-server.ts';
import { clock, reading } from './reading.ts';

const SECRET = 'correct-horse';

async function failureOf(url: string, log?: { lines: unknown[] }): Promise<RedisUnavailable> {
  const write = (fields: object, message: string) => log?.lines.push(fields, message);
  try {
    const reader = openReader({
      sidekiq: 'payroll',
      url,
      namespace: '',
      clock,
      log: { info: write, warn: write, error: write },
    });
    await reader.snapshot().finally(() => reader.close());
  } catch (error) {
    if (error instanceof RedisUnavailable) return error;
    throw error;
  }
  throw new Error('it could be read');
}

test('a wrong password is told as such, and never repeated', async () => {
  await using server = await startRedisServer({ config: [`requirepass ${SECRET}-not`] });
  const log = { lines: [] };
  const error = await failureOf(server.url.replace('redis://', `redis://:${SECRET}@`), log);
  expect(error.message).toMatch(/^Redis of payroll \(127\.0\.0\.1:\d+\/0\) did not answer: WRONGPASS/);
  expect(inspect([error, log.lines], { depth: 9 })).not.toContain(SECRET);
  expect(log.lines.length).toBeGreaterThan(0);
  const missing = await failureOf(server.url);
  expect(missing.message).toMatch(/NOAUTH.*[^.]\.$/);
});

test('a Redis that is not there is unavailable at once, and read when it comes back', async () => {
  await using server = await startRedisServer();
  const reader = openReader({ sidekiq: 'payroll', url: server.url, namespace: '', clock });
  try {
    expect((await reader.snapshot()).queues).toEqual([]);
    await server.kill();
    await expect(reader.snapshot()).rejects.toThrow(RedisUnavailable);
    await expect(reader.countBacklog({ budgetMs: 1000 })).rejects.toThrow(RedisUnavailable);
    await server.start();
    const answers = async () =>
      reader.snapshot().then(
        () => true,
        () => false,
      );
    await expect.poll(answers, { timeout: 20_000 }).toBe(true);
  } finally {
    await reader.close();
  }
  expect((await failureOf('redis://127.0.0.1:1')).message).toMatch(/ECONNREFUSED/);
});

test('a database that this user may not select is not answered from database 0', async () => {
  await using server = await startRedisServer({
    config: ['databases 2', `user reader on >${SECRET} ~* +@all -select`],
  });
  const { url } = server;
  expect((await failureOf(url.replace('/0', '/7'))).message).toMatch(/out of range/);
  const forbidden = url.replace('redis://', `redis://reader:${SECRET}@`).replace('/0', '/1');
  expect((await failureOf(forbidden)).message).toMatch(/NOPERM/);
  const redis = new Redis(url.replace('/0', '/1'));
  await redis.sadd('queues', 'of-one');
  redis.disconnect();
  const { queues } = await reading(url.replace('/0', '/1'), '', (reader) => reader.snapshot());
  expect(queues.map(({ name }) => name)).toEqual(['of-one']);
});

test('a URL of no use is refused before anything is opened', async () => {
  expect((await failureOf('redis://h?color=blue')).message).toBe(
    'The Redis URL of payroll is wrong: its option "color" is not known.',
  );
  expect((await failureOf('rediss://h?ca=/nowhere/ca.pem')).message).toMatch(/ENOENT/);
});

test('TLS is spoken, and a certificate that nobody vouches for is refused unless that is wanted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'poison-control-tls-'));
  try {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate],
      ],
      { stdio: 'ignore' },
    );
    await using plain = await startRedisServer();
    const tlsPort = plain.port > 40_000 ? plain.port - 10_000 : plain.port + 10_000;
    await using _ = await startRedisServer({
      config: [
        `tls-port ${tlsPort}`,
        `tls-cert-file ${certificate}`,
        `tls-key-file ${key}`,
        'tls-auth-clients no',
      ],
    });
    const url = `rediss://127.0.0.1:${tlsPort}`;
    const version = (address: string) =>
      reading(address, '', async (reader) => (await reader.snapshot()).redis.version);
    expect(await version(`${url}?ca=${certificate}`)).toMatch(/^\d/);
    expect(await version(`${url}?verify=no`)).toMatch(/^\d/);
    expect((await failureOf(url)).message).toMatch(/self-signed certificate/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('Sentinels lead to the master, also after it has changed', async () => {
  await using first = await startRedisServer({ config: ['repl-diskless-sync-delay 0'] });
  await using second = await startRedisServer({ config: [`replicaof 127.0.0.1 ${first.port}`] });
  await using sentinel = await startRedisServer({
    args: ['--sentinel'],
    config: [
      `sentinel monitor payroll-master 127.0.0.1 ${first.port} 1`,
      'sentinel down-after-milliseconds payroll-master 500',
      'sentinel failover-timeout payroll-master 3000',
    ],
  });
  const seed = new Redis(first.url);
  await seed.sadd('queues', 'default');
  const copy = new Redis(second.url);
  await expect.poll(() => copy.scard('queues'), { timeout: 20_000 }).toBe(1);
  copy.disconnect();
  const watcher = new Redis(sentinel.port, '127.0.0.1');
  const replicasKnown = () =>
    watcher.call('SENTINEL', 'replicas', 'payroll-master').then((all) => (all as unknown[]).length);
  await expect.poll(replicasKnown, { timeout: 30_000 }).toBe(1);
  seed.disconnect();

  const url = `redis+sentinel://127.0.0.1:1,127.0.0.1:${sentinel.port}/payroll-master`;
  const reader = openReader({ sidekiq: 'payroll', url, namespace: '', clock });
  try {
    expect(await reader.snapshot()).toMatchObject({
      queues: [{ name: 'default' }],
      redis: { role: 'master' },
    });
    await first.kill();
    const answers = async () =>
      reader.snapshot().then(
        ({ queues, redis }) => [queues[0]?.name, redis.role],
        () => [],
      );
    await expect.poll(answers, { timeout: 50_000 }).toEqual(['default', 'master']);
  } finally {
    await reader.close();
    watcher.disconnect();
  }
});

test('a server that is no Redis is told in words of ours, not of a library’s settings', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {}).on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const reader = openReader({ sidekiq: 'payroll', url: `redis://127.0.0.1:${port}`, namespace: '', clock });
  try {
    const asked = [reader.snapshot(), reader.countBacklog({ budgetMs: 1000 }), reader.snapshot()];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(RedisUnavailable) });
      expect(String(Reflect.get(answer, 'reason'))).not.toMatch(/enableOfflineQueue|\.\.$/);
    }
  } finally {
    await reader.close();
    server.close();
  }
});
