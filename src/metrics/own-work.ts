import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { READING_BUDGET } from '../core/load.ts';
import { FAILURE_CAUSES, type Meter, REQUEST_KINDS } from '../ports/meter.ts';

/** Slack wants its acknowledgement within 3 s and a person an answer soon after; below 5 ms nothing is of interest. */
const SECONDS = [0.005, 0.025, 0.1, 0.5, 1, 2, 3, 5, 10];

/** What the bot does and what it costs others. */
export function meterOwnWork(registry: Registry): Meter {
  const registers = [registry];
  const commands = new Counter({
    name: 'poison_control_redis_commands_total',
    help: 'Commands that the bot sent to this Redis, for looking or for carrying out approved actions.',
    labelNames: ['sidekiq', 'use'],
    registers,
  });
  const bytes = new Counter({
    name: 'poison_control_redis_bytes_total',
    help: 'Bytes between the bot and this Redis.',
    labelNames: ['sidekiq', 'use', 'direction'],
    registers,
  });
  const seconds = new Counter({
    name: 'poison_control_redis_seconds_total',
    help: 'How long this Redis, or the line to it, had something of the bot to do.',
    labelNames: ['sidekiq', 'use'],
    registers,
  });
  const redisFailures = new Counter({
    name: 'poison_control_redis_failures_total',
    help: 'Times that this Redis could not be asked.',
    labelNames: ['sidekiq', 'use'],
    registers,
  });
  const share = new Gauge({
    name: 'poison_control_redis_budget_share',
    help: 'The part of its budget with which the bot looks at this Redis now; below 1 because Redis is slow.',
    labelNames: ['sidekiq'],
    registers,
  });
  const budget = new Gauge({
    name: 'poison_control_redis_budget_per_second',
    help: 'What looking at one Redis may cost it in the long run, at a share of 1.',
    labelNames: ['of'],
    registers,
  });
  budget.set({ of: 'commands' }, READING_BUDGET.perSecond.commands);
  budget.set({ of: 'bytes' }, READING_BUDGET.perSecond.bytes);
  budget.set({ of: 'seconds' }, READING_BUDGET.perSecond.ms / 1000);
  const calls = new Counter({
    name: 'poison_control_slack_calls_total',
    help: 'Calls of Slack’s Web API by how they ended.',
    labelNames: ['method', 'outcome'],
    registers,
  });
  const callSeconds = new Histogram({
    name: 'poison_control_slack_call_seconds',
    help: 'How long calls of Slack’s Web API took, tries included.',
    buckets: SECONDS,
    registers,
  });
  const acknowledgements = new Histogram({
    name: 'poison_control_slack_acknowledgement_seconds',
    help: 'From a delivery of Slack to its acknowledgement; Slack gives it three seconds.',
    buckets: SECONDS,
    registers,
  });
  const failedRequests = new Counter({
    name: 'poison_control_requests_failed_total',
    help: 'Commands, presses, forms and openings of Home that failed, by why; the log has the reference that people were told.',
    labelNames: ['kind', 'cause'],
    registers,
  });
  const unanswered = new Counter({
    name: 'poison_control_requests_unanswered_total',
    help: 'Those to whom nothing could be said, not even that it failed.',
    labelNames: ['kind'],
    registers,
  });
  // Prometheus sees no increase in a line that begins with its first failure.
  for (const kind of REQUEST_KINDS) {
    unanswered.inc({ kind }, 0);
    for (const cause of FAILURE_CAUSES) failedRequests.inc({ kind, cause }, 0);
  }
  const connections = new Counter({
    name: 'poison_control_slack_connections_total',
    help: 'Sockets that were opened to Slack; Slack ends each after some hours.',
    registers,
  });
  const queries = new Histogram({
    name: 'poison_control_store_query_seconds',
    help: 'How long the store took for a query.',
    buckets: SECONDS,
    registers,
  });
  const storeErrors = new Counter({
    name: 'poison_control_store_errors_total',
    help: 'Failures of the store by what failed.',
    labelNames: ['code'],
    registers,
  });
  const ends = new Counter({
    name: 'sidekiq_process_ends_total',
    help: 'How Sidekiq processes ended, as the bot that watches them saw it.',
    labelNames: ['sidekiq', 'end'],
    registers,
  });
  return {
    redisAsked: (sidekiq, work) => {
      const labels = { sidekiq, use: work.use };
      commands.inc(labels, work.commands);
      bytes.inc({ ...labels, direction: 'sent' }, work.sentBytes);
      bytes.inc({ ...labels, direction: 'received' }, work.receivedBytes);
      seconds.inc(labels, work.ms / 1000);
      if (work.hasFailed) redisFailures.inc(labels);
      if (work.use === 'reading') share.set({ sidekiq }, work.share);
    },
    slackCalled: (method, outcome, tookMs) => {
      calls.inc({ method, outcome });
      callSeconds.observe(tookMs / 1000);
    },
    slackAcknowledged: (afterMs) => acknowledgements.observe(afterMs / 1000),
    requestFailed: (kind, cause) => failedRequests.inc({ kind, cause }),
    requestUnanswered: (kind) => unanswered.inc({ kind }),
    slackConnected: () => connections.inc(),
    storeAsked: (tookMs) => queries.observe(tookMs / 1000),
    storeFailed: (code) => storeErrors.inc({ code }),
    processEnded: (sidekiq, end) => ends.inc({ sidekiq, end }),
  };
}
