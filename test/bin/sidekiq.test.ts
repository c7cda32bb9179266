import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisServer, startRedisServer } from '../redis-server.ts';
import { connect } from '../sandbox/fleet/fleet-redis.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedisServer();
  await using redis = connect(server.url);
  await redis.sadd('queues', 'default');
  await redis.lpush(
    'queue:default',
    '{"class":"TaxFilingJob","args":["secret"],"jid":"a","created_at":1795454560}',
  );
});
afterAll(() => server.stop());

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** What a person runs: `npm run -s sidekiq -- …`. */
function sidekiq(
  words: readonly string[],
  env: Record<string, string> = { SIDEKIQ_REDIS_URL: server.url },
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, POISON_CONTROL_CONFIG: '', ...env } };
    execFile('npm', ['run', '-s', 'sidekiq', '--', ...words], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, stdout, stderr });
    });
  });
}

test('the terminal answers with Slack out of the picture, within 80 columns, without arguments of jobs', async () => {
  const { code, stdout } = await sidekiq(['backlog']);
  expect(code).toBe(0);
  expect(stdout).toContain('TaxFilingJob');
  expect(stdout).not.toContain('secret');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('--json prints one JSON value', async () => {
  const { stdout } = await sidekiq(['health', '--json', '--sidekiq', 'default']);
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'incident', sidekiq: 'default' });
});

test('a refusal exits with 1 and says what to do', async () => {
  const { code, stdout } = await sidekiq(['helth']);
  expect(code).toBe(1);
  expect(stdout).toContain('health');
});

test('wrong settings exit with 2 and show no secret', async () => {
  const { code, stderr } = await sidekiq(['health'], { SIDEKIQ_REDIS_URL: 'http://app:hunter2@x' });
  expect(code).toBe(2);
  expect(stderr).toContain('SIDEKIQ_REDIS_URL');
  expect(stderr).not.toContain('hunter2');
});

test('a Redis that is not there is a sentence and exit code 1', async () => {
  const { code, stdout } = await sidekiq(['health'], {
    SIDEKIQ_REDIS_URL: 'redis://app:hunter2@127.0.0.1:1/0',
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/did not answer/);
  expect(stdout).not.toContain('hunter2');
});
