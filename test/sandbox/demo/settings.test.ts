import { expect, test } from 'vitest';
import { parseConfig } from '../../../src/config.ts';
import { configText, environmentFor, pathsIn } from '../../../src/sandbox/demo/settings.ts';

const SETTINGS = {
  redisUrl: 'redis://127.0.0.1:6400/0',
  slackApiUrl: 'http://127.0.0.1:3999/api/',
  botToken: 'xoxb-sandbox-bot',
  appToken: 'xapp-sandbox-app',
  folder: '/tmp/demo',
};

test('the settings of the demo are settings that the bot accepts', () => {
  const readFile = (path: string) =>
    path === pathsIn('/tmp/demo').config ? configText(SETTINGS) : undefined;
  const parsed = parseConfig({ env: environmentFor(SETTINGS, {}), readFile });
  expect(parsed.ok ? [] : parsed.faults).toEqual([]);
});

test("nothing that a developer has set for a real bot reaches the demo's", () => {
  const env = environmentFor(SETTINGS, {
    PATH: '/usr/bin',
    SIDEKIQ_REDIS_URL: 'redis://production',
    DATABASE_URL: 'postgres://production',
    SLACK_BOT_TOKEN: 'xoxb-real',
  });
  expect(Object.values(env).join(' ')).not.toMatch(/production|real/);
  expect(env['PATH']).toBe('/usr/bin');
});
