import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSignals } from '../../src/redis/signals.ts';
import { type Stage, setStage } from './reading.ts';

const ID = 'w:1:0123456789ab';

async function signalsOf(url: string, namespace = '') {
  const signals = openSignals({ sidekiq: 'payroll', url, namespace });
  return Object.assign(signals, { [Symbol.asyncDispose]: () => signals.close() });
}

async function seed({ redis }: Stage, prefix = '', quiet = 'false'): Promise<void> {
  await redis.hset(`${prefix}${ID}`, { info: '{}', busy: 1, beat: 1, quiet });
}

test('TSTP is sent as Sidekiq’s own API sends it, and only once for an action', async () => {
  await using stage = await setStage();
  await seed(stage);
  await using signals = await signalsOf(stage.server.url);
  expect(await signals.wasQuieted('a1')).toBe(false);
  expect(await signals.quiet(ID, 'a1')).toBe('sent');
  expect(await signals.quiet(ID, 'a1')).toBe('sent before');
  expect(await signals.wasQuieted('a1')).toBe(true);
  expect(await stage.redis.lrange(`${ID}-signals`, 0, -1)).toEqual(['TSTP']);
  expect(await stage.redis.ttl(`${ID}-signals`)).toBeGreaterThan(50);
  // Ours begins with our name and goes away by itself.
  expect(await stage.redis.ttl('poison-control:quieted:a1')).toBeGreaterThan(86_400);
});

test('twenty bots that send it at once send it once', async () => {
  await using stage = await setStage();
  await seed(stage);
  await using signals = await signalsOf(stage.server.url);
  const answers = await Promise.all(Array.from({ length: 20 }, () => signals.quiet(ID, 'a1')));
  expect(answers.filter((answer) => answer === 'sent')).toHaveLength(1);
  expect(await stage.redis.llen(`${ID}-signals`)).toBe(1);
});

test('a process that went away or became quiet meanwhile is sent nothing', async () => {
  await using stage = await setStage();
  await using signals = await signalsOf(stage.server.url);
  expect(await signals.quiet(ID, 'a1')).toBe('process gone');
  await seed(stage, '', 'true');
  expect(await signals.quiet(ID, 'a1')).toBe('quiet already');
  expect(await stage.redis.exists(`${ID}-signals`)).toBe(0);
  expect(await signals.wasQuieted('a1')).toBe(false);
});

test('redis-namespace stands before Sidekiq’s keys and not before ours', async () => {
  await using stage = await setStage();
  await seed(stage, 'app:');
  await using signals = await signalsOf(stage.server.url, 'app');
  expect(await signals.quiet(ID, 'a1')).toBe('sent');
  expect(await stage.redis.llen(`app:${ID}-signals`)).toBe(1);
  expect(await stage.redis.exists('poison-control:quieted:a1')).toBe(1);
});

test('the documented rights are enough, and the reading ones alone are refused before anything is done', async () => {
  const text = readFileSync('docs/redis-user.md', 'utf8');
  const documented = (name: string, as: string) =>
    (new RegExp(`^user ${name} .*$`, 'm').exec(text)?.[0] ?? '')
      .replace(name, as)
      .replace('>PASSWORD', '>secret');
  const reader = documented('poison-control', 'reader');
  const writer = documented('poison-control-acting', 'writer');
  await using stage = await setStage([reader, writer]);
  await seed(stage);
  const as = (user: string) => stage.server.url.replace('redis://', `redis://${user}:secret@`);
  await using poor = await signalsOf(as('reader'));
  expect(await poor.quiet(ID, 'a1')).toEqual({ refusal: 'NOPERM' });
  expect(await stage.redis.exists(`${ID}-signals`)).toBe(0);
  await using rich = await signalsOf(as('writer'));
  expect(await rich.quiet(ID, 'a1')).toBe('sent');
});

test('a full Redis refuses, and nothing was sent', async () => {
  await using stage = await setStage();
  await seed(stage);
  await stage.redis.config('SET', 'maxmemory-policy', 'noeviction');
  await stage.redis.config('SET', 'maxmemory', '1');
  await using signals = await signalsOf(stage.server.url);
  expect(await signals.quiet(ID, 'a1')).toEqual({ refusal: 'OOM' });
  expect(await stage.redis.exists(`${ID}-signals`)).toBe(0);
  expect(await signals.wasQuieted('a1')).toBe(false);
});
