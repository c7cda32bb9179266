import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Queue } from '../../src/core/sidekiq/snapshot.ts';
import { type Looked, openMetrics } from '../../src/metrics/metrics.ts';
import { boundedQueues } from '../../src/metrics/sidekiq-state.ts';
import { aJobSet, aProcess, aSnapshot } from '../snapshots.ts';

const NOW_MS = 1_800_000_000_000;

function looked(queues: readonly Queue[], more: Partial<Looked['bot']> = {}): Looked {
  const snapshot = aSnapshot({
    takenAtMs: NOW_MS,
    queues,
    deadSet: aJobSet(7),
    processes: [aProcess('w-1:1:aaaaaaaaaaaa', { concurrency: 10, busy: 4 })],
  });
  return {
    sidekiqs: [
      {
        sidekiq: 'payroll',
        last: { snapshot, ageMs: 3000 },
        isWatching: true,
        suspects: Array.from({ length: 9 }, (_, index) => ({ jobClass: `Job${index}`, p: 0.9 - index / 10 })),
      },
      { sidekiq: 'billing', last: undefined, isWatching: false, suspects: [] },
    ],
    bot: {
      isConnected: true,
      clocks: { ownMs: NOW_MS, storeMs: NOW_MS - 1_200_000, slackMs: NOW_MS + 2500 },
      store: {
        proposalsByState: new Map([['executing', 1]]),
        auditRecords: 41,
        openAlerts: new Map([['payroll', ['crash loop', 'likely class', 'likely class']]]),
        debts: new Map([
          ['payroll', { jobs: 12_000, oldestMs: 86_400_000 }],
          ['billing', { jobs: 0, oldestMs: undefined }],
        ]),
      },
      ...more,
    },
  };
}

function aQueue(name: string, size: number): Queue {
  return { name, size, latencyMs: size * 10, oldest: undefined, isPaused: false };
}

test('what somebody may want to be woken for is there, with its unit', async () => {
  const { text, meter } = openMetrics('1.2.3');
  meter.redisAsked('payroll', {
    use: 'reading',
    commands: 40,
    sentBytes: 900,
    receivedBytes: 8000,
    ms: 12,
    hasFailed: false,
    share: 0.5,
  });
  meter.slackCalled('chat.postMessage', 'rate_limited', 20);
  meter.slackAcknowledged(4);
  meter.requestFailed('press', 'failure');
  meter.requestUnanswered('command');
  meter.storeFailed('unavailable');
  meter.processEnded('payroll', 'crash');
  const lines = (await text(async () => looked([aQueue('default', 300)]))).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'sidekiq_queue_size{sidekiq="payroll",queue="default"} 300',
      'sidekiq_queue_latency_seconds{sidekiq="payroll",queue="default"} 3',
      'sidekiq_seen_seconds_ago{sidekiq="payroll"} 3',
      'sidekiq_set_size{sidekiq="payroll",set="dead"} 7',
      'sidekiq_processes{sidekiq="payroll",state="alive"} 1',
      'sidekiq_processes{sidekiq="payroll",state="dead"} 0',
      'sidekiq_threads{sidekiq="payroll"} 10',
      'sidekiq_threads_busy{sidekiq="payroll"} 4',
      'sidekiq_process_ends_total{sidekiq="payroll",end="crash"} 1',
      'sidekiq_suspect_probability{sidekiq="payroll",class="Job0"} 0.9',
      'poison_control_watching{sidekiq="billing"} 0',
      'poison_control_redis_commands_total{sidekiq="payroll",use="reading"} 40',
      'poison_control_redis_bytes_total{sidekiq="payroll",use="reading",direction="received"} 8000',
      'poison_control_redis_seconds_total{sidekiq="payroll",use="reading"} 0.012',
      'poison_control_redis_budget_share{sidekiq="payroll"} 0.5',
      'poison_control_slack_calls_total{method="chat.postMessage",outcome="rate_limited"} 1',
      'poison_control_slack_acknowledgement_seconds_count 1',
      'poison_control_requests_failed_total{kind="press",cause="failure"} 1',
      'poison_control_requests_failed_total{kind="command",cause="slack"} 0',
      'poison_control_requests_unanswered_total{kind="command"} 1',
      'poison_control_requests_unanswered_total{kind="home"} 0',
      'poison_control_store_errors_total{code="unavailable"} 1',
      'poison_control_proposals_open{state="executing"} 1',
      'poison_control_proposals_open{state="proposed"} 0',
      'poison_control_audit_records 41',
      'poison_control_alerts_open{sidekiq="payroll",kind="crash loop",gravity="3"} 1',
      'poison_control_alerts_open{sidekiq="payroll",kind="likely class",gravity="3"} 2',
      'poison_control_alerts_open{sidekiq="payroll",kind="backlog",gravity="2"} 0',
      'poison_control_alerts_open{sidekiq="payroll",kind="redis full",gravity="1"} 0',
      'poison_control_purge_debt_jobs{sidekiq="payroll"} 12000',
      'poison_control_purge_debt_jobs{sidekiq="billing"} 0',
      'poison_control_purge_debt_oldest_seconds{sidekiq="payroll"} 86400',
      'poison_control_slack_connected 1',
      'poison_control_clock_ahead_seconds{of="store"} 1200',
      'poison_control_clock_ahead_seconds{of="slack"} -2.5',
      'poison_control_store_up 1',
    ]),
  );
  expect(lines.filter((line) => line.startsWith('poison_control_build_info{'))).toEqual([
    expect.stringContaining('version="1.2.3"'),
  ]);
  expect(lines.some((line) => line.startsWith('nodejs_eventloop_lag_p99_seconds '))).toBe(true);
  expect(lines.some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true);
  expect(lines.filter((line) => line.startsWith('sidekiq_suspect_probability{'))).toHaveLength(5);
  // An alert of each kind, and no age of what nobody owes.
  expect(lines.filter((line) => line.startsWith('poison_control_alerts_open{'))).toHaveLength(9);
  expect(lines.filter((line) => line.startsWith('poison_control_purge_debt_oldest_seconds{'))).toHaveLength(
    1,
  );
});

test('what is gone at the next scrape is gone, and what is not known is left out', async () => {
  const { text } = openMetrics('1');
  await text(async () => looked([aQueue('default', 1), aQueue('mailers', 1)]));
  const second = await text(async () => looked([aQueue('default', 1)], { store: undefined }));
  expect(second).not.toContain('mailers');
  expect(second).toContain('poison_control_store_up 0');
  expect(second).not.toMatch(/^poison_control_audit_records /m);
  expect(second).not.toMatch(/^poison_control_(?:proposals|alerts)_open\{/m);
  expect(second).not.toMatch(/^poison_control_purge_debt_\w+\{/m);
});

test('a queue for each customer does not flood whoever collects: the largest by name, the rest as one', () => {
  const many = Array.from({ length: 4000 }, (_, index) => aQueue(`customer-${index}`, index));
  const bounded = boundedQueues(many);
  expect(bounded).toHaveLength(50);
  expect(bounded[0]).toMatchObject({ name: 'customer-3999', size: 3999 });
  expect(bounded.at(-1)).toEqual({
    name: '(others)',
    size: (3950 * 3951) / 2,
    latencyMs: 39_500,
    isPaused: false,
  });
  expect(bounded.reduce((sum, { size }) => sum + size, 0)).toBe(
    many.reduce((sum, { size }) => sum + size, 0),
  );
});

test('every figure that the guide wants people woken by is exported, with the labels that it asks for', async () => {
  const { text, meter } = openMetrics('1');
  meter.processEnded('payroll', 'crash');
  meter.slackCalled('auth.test', 'ok', 20);
  const lines = (await text(async () => looked([aQueue('default', 1)]))).split('\n');
  const page = readFileSync('docs/guides/operations.md', 'utf8');
  const named = [...page.matchAll(/\b((?:poison_control|sidekiq)_[a-z_]*)(\*)?(?:\{([^}]*)\})?/g)];
  expect(named.length).toBeGreaterThan(10);
  for (const [whole, name = '', isFamily, labels = ''] of named) {
    const series = lines.filter((line) =>
      isFamily === undefined
        ? line.split(/[ {]/)[0] === name || line.startsWith(`# TYPE ${name} `)
        : line.startsWith(name),
    );
    expect(series.filter((line) => line.includes(labels)).length, whole).toBeGreaterThan(0);
  }
  // Where no bot is left there is no series at all, and only this one still says something.
  expect(page).toContain('`absent(poison_control_build_info)`');
});
