import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { describeFaults, type Fault } from '../../src/config/fault.ts';
import { calendarsIn, operatorsChannelsOf } from '../../src/config/report-places.ts';
import { parseConfig, parseTerminalConfig } from '../../src/config.ts';

const TOKENS = { SLACK_BOT_TOKEN: 'xoxb-secret-bot', SLACK_APP_TOKEN: 'xapp-secret-app' };
const EXAMPLE = readFileSync('poison-control.example.yml', 'utf8');

function parse(
  file: string | undefined,
  env: Record<string, string> = {},
  files: Record<string, string> = {},
) {
  return parseConfig({
    env: { ...TOKENS, ...env },
    readFile: (path) => (path === 'poison-control.yml' ? file : files[path]),
  });
}

function faultsOf(file: string | undefined, env: Record<string, string> = {}): readonly Fault[] {
  const parsed = parse(file, env);
  return parsed.ok ? [] : parsed.faults;
}

function configOf(file: string | undefined, env: Record<string, string> = {}, files = {}) {
  const parsed = parse(file, env, files);
  if (!parsed.ok) throw new Error(describeFaults(parsed.faults));
  return parsed.config;
}

test('the example file is the documented schema, whole', () => {
  const config = configOf(EXAMPLE, { SIDEKIQ_REDIS_URL: 'redis://127.0.0.1:6379/0' });
  expect(config.sidekiqs.map((sidekiq) => sidekiq.policy.name)).toEqual(['payroll']);
  expect(config.historyKeepMs).toBe(366 * 86_400_000);
  const policy = config.sidekiqs[0]?.policy;
  expect(policy?.pollMs).toBe(5000);
  expect(policy?.channels).toEqual(['C0PAYROLL']);
  expect(policy?.queues.get('critical')).toEqual({ latencyTargetMs: 30_000 });
  expect(policy?.classes.get('PayrollRunJob')?.isProtected).toBe(true);
  expect(policy?.classes.get('Recurring::DisasterJob')).toEqual({
    isRecurring: true,
    isProtected: false,
    owner: '@payroll-platform',
    note: 'safe to purge, re-enqueued nightly',
  });
  expect(policy?.classes.get('TaxFilingJob')?.required).toBe(2);
  expect(config.sidekiqs[0]?.approvals).toEqual({
    requesters: ['S0ONCALL', 'U0ANN'],
    approvers: [{ ids: ['S0LEADS', 'U0BEN'], required: 0 }],
    required: 1,
    isForbidden: false,
    expiresMs: 900_000,
    executeWithinMs: 300_000,
    typeFromCount: 1000,
  });
  expect(config.auditChannel).toBe('C0AUDIT');
});

test('with the example, operators hear elsewhere of a post that its own channel does not take', () => {
  const config = configOf(EXAMPLE, { SIDEKIQ_REDIS_URL: 'redis://127.0.0.1:6379' });
  const places = operatorsChannelsOf(config, 'payroll');
  expect(places).toEqual(['C0PAYROLL', 'C0AUDIT']);
  for (const { channel } of config.reports) expect(places.some((place) => place !== channel)).toBe(true);
});

test('a sidekiq lives by the clock of its morning post, and else by that of the calendar', () => {
  const config = configOf(`
sidekiqs: { payroll: { redis: 'redis://127.0.0.1:6379' }, another: { redis: 'redis://127.0.0.1:6380' } }
reports: [{ sidekiq: payroll, channel: C0PAYROLL, cron: '0 9 * * 1-5', timezone: America/Denver }]
`);
  const calendarOf = calendarsIn(config);
  expect(calendarOf('payroll')).toEqual({ ...config.calendar, timezone: 'America/Denver' });
  expect(calendarOf('another')).toMatchObject({ timezone: 'UTC' });
});

test('an address alone is a sidekiq called default, and nothing is open by default', () => {
  const config = configOf(undefined, { SIDEKIQ_REDIS_URL: 'redis://127.0.0.1:6379/2' });
  expect(config.sidekiqs[0]?.policy.name).toBe('default');
  expect(config.sidekiqs[0]?.redisUrl.reveal()).toBe('redis://127.0.0.1:6379/2');
  expect(config.sidekiqs[0]?.approvals).toMatchObject({ requesters: [], approvers: [] });
  expect(config.databaseUrl.reveal()).toBe('sqlite:data/poison-control.sqlite');
});

test('a sidekiq sets its own approvals key by key, and groups that must all agree have a seat each', () => {
  const [payroll, billing] = configOf(`
sidekiqs:
  payroll:
    redis: redis://a
    approvals: { approvers: [U0CLEO], expires: 1m }
  billing: { redis: redis://b }
approvals: { approvers: [U0BEN], all_of: [[S0LEADS], [S0SECURITY, U0DANA]], required: 3 }
`).sidekiqs;
  const groups = [
    { ids: ['S0LEADS'], required: 1 },
    { ids: ['S0SECURITY', 'U0DANA'], required: 1 },
  ];
  expect(payroll?.approvals).toMatchObject({ required: 3, expiresMs: 60_000 });
  expect(payroll?.approvals.approvers).toEqual([{ ids: ['U0CLEO'], required: 0 }, ...groups]);
  expect(billing?.approvals).toMatchObject({ required: 3, expiresMs: 900_000 });
  expect(billing?.approvals.approvers).toEqual([{ ids: ['U0BEN'], required: 0 }, ...groups]);
});

test('a key that seals the audit log is never shown, and a short one is a fault', () => {
  const key = '0123456789abcdef-secret';
  const env = { SIDEKIQ_REDIS_URL: 'redis://a', AUDIT_KEY: key };
  expect(configOf(undefined, env).auditKey?.reveal()).toBe(key);
  expect(inspect(configOf(undefined, env))).not.toContain(key);
  const [fault] = faultsOf(undefined, { ...env, AUDIT_KEY: 'hunter2' });
  expect(fault).toMatchObject({ path: 'AUDIT_KEY', given: '7 characters' });
});

test('all faults are told at once, each with its path, what was expected, what was given and what to do', () => {
  const faults = faultsOf(
    `
sidekiqs:
  payroll:
    redis: http://wrong
    poll: often
    queus: {}
    classes: { PayrollRunJob: { protect: yes please } }
approvals: { approvers: [ben], required: 0 }
reports: [{ sidekiq: other, channel: "#general", cron: "61 9 * * *", timezone: Mars/Base }]
surprise: 1
`,
    { SLACK_BOT_TOKEN: '', HTTP_PORT: '99999', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x' },
  );
  expect(faults.map((fault) => fault.path).sort()).toEqual(
    [
      'DATABASE_URL',
      'HTTP_PORT',
      'LOG_LEVEL',
      'SLACK_BOT_TOKEN',
      'approvals.approvers.0',
      'approvals.required',
      'reports.0.channel',
      'reports.0.cron',
      'reports.0.timezone',
      'sidekiqs.payroll.classes.PayrollRunJob.protect',
      'sidekiqs.payroll.poll',
      'sidekiqs.payroll.queus',
      'sidekiqs.payroll.redis',
      'surprise',
    ].sort(),
  );
  for (const fault of faults) {
    expect([fault.expected, fault.given, fault.remedy].every((words) => words.length > 0)).toBe(true);
  }
});

test('a store in memory is refused: it would forget archived jobs with the process', () => {
  const [fault] = faultsOf(undefined, { SIDEKIQ_REDIS_URL: 'redis://a', DATABASE_URL: 'sqlite::memory:' });
  expect(fault).toMatchObject({ path: 'DATABASE_URL', expected: expect.stringContaining('of a file') });
});

test('a report for a sidekiq that does not exist is a fault', () => {
  const file = `${EXAMPLE}\n`.replace('sidekiq: payroll, channel', 'sidekiq: payrol, channel');
  expect(faultsOf(file, { SIDEKIQ_REDIS_URL: 'redis://127.0.0.1:6379/0' })).toMatchObject([
    { path: 'reports.0.sidekiq', expected: 'one of payroll', given: 'payrol' },
  ]);
});

test('secrets come from the environment or a mounted file, and never show', () => {
  const file = `
sidekiqs:
  a: { redis: "redis://app:\${REDIS_PASSWORD}@10.0.0.1:6379/0" }
  b: { redis: "file:/run/secrets/redis" }
  c: { redis: C_REDIS_URL }
`;
  const config = configOf(
    file,
    {
      REDIS_PASSWORD: 'hunter2',
      C_REDIS_URL: 'redis://c:hunter4@c/0',
      SLACK_APP_TOKEN: 'file:/run/secrets/app',
    },
    { '/run/secrets/redis': 'rediss://:hunter3@b:6380/0\n', '/run/secrets/app': 'xapp-mounted\n' },
  );
  expect(config.sidekiqs.map((sidekiq) => sidekiq.redisUrl.reveal())).toEqual([
    'redis://app:hunter2@10.0.0.1:6379/0',
    'rediss://:hunter3@b:6380/0',
    'redis://c:hunter4@c/0',
  ]);
  expect(config.slack.mode).toMatchObject({ type: 'socket' });
  for (const shown of [inspect(config, { depth: 9 }), JSON.stringify(config), `${config.slack.botToken}`]) {
    expect(shown).not.toMatch(/hunter|xoxb|xapp/);
  }
});

test('a fault about an address with a password does not show the password', () => {
  const faults = faultsOf('sidekiqs: { a: { redis: "redsi://app:hunter2@10.0.0.1:6379/0" } }', {
    SLACK_BOT_TOKEN: 'xoxp-hunter2',
    DATABASE_URL: 'mysql://root:hunter2@db/x',
    SLACK_API_URL: 'https://user:hunter2@evil.example/',
  });
  expect(faults.length).toBe(4);
  expect(describeFaults(faults)).not.toContain('hunter2');
  expect(describeFaults(faults)).toContain('redsi://app:***@10.0.0.1:6379/0');
});

test.each([
  'redis://:hunt/er2@10.0.0.1:6379/0',
  'redis://:hunt?er2@10.0.0.1:6379/0',
  'redsi://:hunt/er2@10.0.0.1:6379/0',
  'redis://:hunter2@10.0.0.1:6379/queue',
])('an address that cannot be read is a fault of the settings: %s', (url) => {
  const faults = faultsOf(`sidekiqs: { a: { redis: "${url}" } }`);
  expect(faults.map(({ path }) => path)).toEqual(['sidekiqs.a.redis']);
  expect(describeFaults(faults)).not.toMatch(/hunt|er2/);
});

test('broken YAML is named by line and not quoted', () => {
  const faults = faultsOf('sidekiqs:\n  a: { redis: "redis://:hunter2@x/0"\n');
  expect(faults[0]?.path).toMatch(/^poison-control\.yml line \d+$/);
  expect(describeFaults(faults)).not.toContain('hunter2');
});

test('a variable or a mounted file that is missing is a fault, not an empty password', () => {
  const faults = faultsOf(
    'sidekiqs: { a: { redis: "redis://:${NOT_SET}@x/0" }, b: { redis: "file:/nowhere" } }',
  );
  expect(faults.map((fault) => fault.expected)).toEqual(
    expect.arrayContaining([
      'the environment variable NOT_SET, which the value names',
      'a readable file at /nowhere',
    ]),
  );
});

test('the bot token goes to Slack or to this machine, and elsewhere only when that is said twice', () => {
  const env = { SIDEKIQ_REDIS_URL: 'redis://x/0' };
  for (const url of ['http://127.0.0.1:3999/api/', 'http://localhost:1/api', 'http://[::1]:1/api/']) {
    expect(configOf(undefined, { ...env, SLACK_API_URL: url }).slack.apiUrl).toMatch(/\/api\/$/);
  }
  for (const url of [
    'https://slack.com.evil.example/api/',
    'http://127.0.0.1.evil.example/',
    'ftp://localhost/',
    'x',
  ]) {
    expect(faultsOf(undefined, { ...env, SLACK_API_URL: url }).map((fault) => fault.path)).toEqual([
      'SLACK_API_URL',
    ]);
  }
  const remote = { ...env, SLACK_API_URL: 'https://proxy.example/api', SLACK_API_URL_ALLOW_REMOTE: '1' };
  expect(configOf(undefined, remote).slack.apiUrl).toBe('https://proxy.example/api/');
});

test('Socket Mode wins, HTTP mode needs the signing secret, neither is a fault', () => {
  const env = { SIDEKIQ_REDIS_URL: 'redis://x/0' };
  expect(configOf(undefined, { ...env, SLACK_SIGNING_SECRET: 'abc' }).slack.mode.type).toBe('socket');
  const http = configOf(undefined, { ...env, SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'abc' });
  expect(http.slack.mode.type).toBe('http');
  expect(faultsOf(undefined, { ...env, SLACK_APP_TOKEN: '' }).map((fault) => fault.path)).toEqual([
    'SLACK_APP_TOKEN',
  ]);
});

test('the terminal needs no Slack', () => {
  const parsed = parseTerminalConfig({
    env: { SIDEKIQ_REDIS_URL: 'redis://x/0' },
    readFile: () => undefined,
  });
  expect(parsed.ok).toBe(true);
});

test('a class or sidekiq with a name from JavaScript’s own cupboard is only a name', () => {
  const file =
    'sidekiqs: { a: { redis: "redis://x/0", classes: { constructor: { protect: true }, toString: {} } } }';
  const classes = configOf(file).sidekiqs[0]?.policy.classes;
  expect([...(classes?.keys() ?? [])]).toEqual(['constructor', 'toString']);
  expect(classes?.get('__proto__')).toBeUndefined();
});
