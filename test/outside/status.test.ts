import { expect, test } from 'vitest';
import { openFleetRedis } from '../../src/sandbox/fleet/redis-client.ts';
import { INCIDENT_REDIS_CONFIG, playIncident } from '../../src/sandbox/fleet/stories/incident.ts';
import { findFreePort } from '../../src/sandbox/free-port.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startBotProcess } from '../bot-process.ts';
import { startRedisServer } from '../redis-server.ts';

/** What whoever watches the bot asks it over HTTP, in both ways in which Slack reaches it. */

const MODES = ['socket', 'http'] as const;

test.each(MODES)('in %s mode /healthz, /readyz and /metrics are answered', async (mode) => {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startRedisServer({ config: INCIDENT_REDIS_CONFIG }));
  const redis = stack.use(await openFleetRedis(server.port));
  await playIncident(redis, Date.now());
  const sandbox = stack.use(await startSandbox());
  const port = await findFreePort();
  const bot = stack.use(
    await startBotProcess({
      SLACK_API_URL: sandbox.apiUrl,
      SLACK_BOT_TOKEN: sandbox.botToken,
      ...(mode === 'socket'
        ? { SLACK_APP_TOKEN: sandbox.appToken }
        : { SLACK_SIGNING_SECRET: sandbox.signingSecret }),
      SIDEKIQ_REDIS_URL: server.url,
      HTTP_PORT: String(port),
    }),
  );
  await bot.runs();
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { code: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  };
  expect(await get('/healthz')).toMatchObject({ code: 200, text: 'ok\n' });
  expect(await get('/readyz')).toMatchObject({ code: 200, text: 'ready\n' });
  expect((await get('/elsewhere')).code).toBe(404);
  // Another address of this machine: it listens on the one alone.
  await expect(fetch(`http://127.0.0.2:${port}/metrics`)).rejects.toThrow('fetch failed');

  if (mode === 'http') sandbox.deliverOverHttp(`http://127.0.0.1:${port}/slack/events`);
  const { people } = sandbox;
  await people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq health' });
  await people.waitForMessage('U0ANN', ({ text }) => text.includes('Recurring::DisasterJob'));

  const { code, type, text } = await get('/metrics');
  expect(code).toBe(200);
  expect(type).toContain('text/plain; version=0.0.4');
  const value = (line: RegExp) => Number(line.exec(text)?.[1] ?? Number.NaN);
  expect(value(/^sidekiq_queue_size\{sidekiq="default",queue="\w+"\} (\d+)$/m)).toBeGreaterThan(0);
  expect(value(/^sidekiq_threads_busy\{sidekiq="default"\} (\d+)$/m)).toBeGreaterThan(0);
  expect(value(/^sidekiq_redis_memory_bytes\{sidekiq="default",of="used"\} (\d+)$/m)).toBeGreaterThan(
    100_000,
  );
  expect(value(/^poison_control_redis_commands_total\{.*use="reading"\} (\d+)$/m)).toBeGreaterThan(20);
  expect(
    value(/^poison_control_redis_bytes_total\{.*use="reading",direction="received"\} (\d+)$/m),
  ).toBeGreaterThan(1000);
  expect(value(/^poison_control_slack_acknowledgement_seconds_count (\d+)$/m)).toBeGreaterThan(0);
  expect(
    value(/^poison_control_slack_calls_total\{method="users.info",outcome="ok"\} (\d+)$/m),
  ).toBeGreaterThan(0);
  expect(value(/^poison_control_audit_records (\d+)$/m)).toBeGreaterThan(0);
  expect(value(/^poison_control_store_up (\d+)$/m)).toBe(1);
  expect(
    value(/^poison_control_alerts_open\{sidekiq="default",kind="redis refuses",gravity="3"\} (\d+)$/m),
  ).toBe(0);
  expect(value(/^poison_control_purge_debt_jobs\{sidekiq="default"\} (\d+)$/m)).toBe(0);
  // Every line is a comment or `name{labels} number`, and no argument of a job is in any of them.
  for (const line of text.trimEnd().split('\n')) {
    expect(line).toMatch(/^(?:#.*|[a-z][a-z0-9_]*(?:\{[^{}]*\})? (?:[-+]?[\d.]+(?:e[-+]?\d+)?|NaN|\+Inf)|)$/);
  }
  expect(text).not.toMatch(/xox|xapp|jid/);
});
