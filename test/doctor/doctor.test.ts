import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeFindings, type Finding } from '../../src/core/doctor/finding.ts';
import { SCOPES } from '../../src/core/doctor/slack.ts';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { ACME_PAYROLL } from '../../src/sandbox/world.ts';
import { openStore } from '../../src/store/open.ts';
import { makeSettableClock } from '../faults/settable-clock.ts';
import { aCluster, answer } from '../kubernetes/cluster.ts';
import { startPostgresServer } from '../postgres-server.ts';
import { startRedisServer } from '../redis-server.ts';

/** The doctor as an operator runs it, against Slack's stand-in and a real Redis, well and ill. */

const ACTING = /^user poison-control-acting .*$/m.exec(readFileSync('docs/redis-user.md', 'utf8'))?.[0] ?? '';
const READING = /^user poison-control .*$/m.exec(readFileSync('docs/redis-user.md', 'utf8'))?.[0] ?? '';

type Stage = {
  readonly file?: object;
  /** More of the settings of its sidekiq. */
  readonly sidekiq?: object;
  readonly env?: Record<string, string>;
  readonly redis?: readonly string[];
  readonly user?: string;
  readonly sandbox?: SandboxOptions;
  /** What goes wrong in Slack while it looks. */
  readonly trouble?: (faults: Sandbox['faults']) => void;
};

const WELL = {
  approvals: { requesters: ['S0ONCALL'], approvers: ['S0LEADS', 'U0DANA'] },
  alerts: { channel: 'C0ALERTS' },
  audit: { channel: 'C0AUDIT' },
};

type Told = {
  readonly findings?: readonly Finding[];
  readonly faults?: readonly { readonly path: string }[];
};

async function examined({
  file = WELL,
  sidekiq = {},
  env = {},
  redis: config = [],
  user,
  sandbox: options,
  trouble = () => {},
}: Stage = {}) {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startRedisServer({ config: [...config] }));
  const redis = new Redis(server.url, { enableReadyCheck: false });
  await redis.sadd('processes', 'w:1:0123456789ab');
  await redis.quit();
  const sandbox = stack.use(await startSandbox(options));
  trouble(sandbox.faults);
  const folder = await makeGuardedFolder('poison-control-doctor');
  stack.defer(() => folder.remove());
  const url = user === undefined ? server.url : server.url.replace('redis://', `redis://${user}@`);
  const settings = { sidekiqs: { payroll: { redis: url, channels: ['C0PAYROLL'], ...sidekiq } }, ...file };
  await writeFile(`${folder.path}/settings.yml`, JSON.stringify(settings));
  const all = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    ...sandbox.env,
    POISON_CONTROL_CONFIG: `${folder.path}/settings.yml`,
    DATABASE_URL: `sqlite:${folder.path}/store/store.sqlite`,
    AUDIT_KEY: 'hunter2 and hunter2 again',
    ...env,
  };
  const run = (...words: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      execFile('npm', ['run', '-s', 'doctor', '--', ...words], { env: all }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  const { code, stdout, stderr } = await run('--json');
  const { findings = [], faults = [] }: Told = JSON.parse(stdout);
  const ill = findings.filter(({ verdict }) => verdict !== 'good').map(({ sentence }) => sentence);
  expect(`${stdout}${stderr}`).not.toMatch(/hunter2|xoxb-\w|xapp-\w/);
  const calls = sandbox.calls.map(({ method }) => method);
  return {
    code,
    findings,
    faults: faults.map(({ path }) => path),
    ill,
    calls,
    files: await readdir(folder.path),
  };
}

test('where all is well it says so, writes nothing anywhere and says nothing in Slack', async () => {
  const { code, ill, calls, files, findings } = await examined();
  expect(ill).toEqual([]);
  expect(code).toBe(0);
  expect(calls.filter((method) => method.startsWith('chat.') || method.startsWith('views.'))).toEqual([]);
  expect(files).toEqual(['settings.yml']);
  const text = describeFindings(findings);
  expect(text).toMatch(/^Nothing has to be put right\./);
  expect(text).toContain('#payroll-alerts is there, and the bot is in it.');
  expect(text).toContain('S0LEADS stands for 2 people.');
});

test('it asks for the scopes of the manifest', () => {
  const { oauth_config: oauth } = parse(readFileSync('manifest.yml', 'utf8'));
  expect(SCOPES.toSorted()).toEqual(oauth.scopes.bot.toSorted());
});

test('the documented users: the acting one may all, the reading one is told what it lacks', async () => {
  const acting = await examined({
    redis: [ACTING.replace('>PASSWORD', '>hunter2')],
    user: 'poison-control-acting:hunter2',
  });
  expect(acting.ill).toEqual([]);
  const reading = await examined({
    redis: [READING.replace('>PASSWORD', '>hunter2')],
    user: 'poison-control:hunter2',
  });
  expect(reading.code).toBe(1);
  expect(reading.ill).toEqual(['Approved actions would be refused: the bot may not EVAL.']);
  const some = await examined({
    redis: ['user some on >hunter2 ~* +@all -lrem -zrem -script -scan -lindex'],
    user: 'some:hunter2',
  });
  expect(some.ill).toEqual([
    'The bot may not read with LINDEX.',
    'Approved actions would be refused: the bot may not LINDEX, LREM, SCRIPT LOAD, ZREM.',
  ]);
  const older = await examined({
    redis: ['user older on >hunter2 ~* +@all -ping -zcount -time'],
    user: 'older:hunter2',
  });
  expect(older.ill[0]).toMatch(/may read all that it needs, but not with ZCOUNT, PING, TIME: Redis notes/);
  const keys = await examined({ redis: ['user few on >hunter2 ~retry +@all'], user: 'few:hunter2' });
  expect(keys.ill.join(' ')).toMatch(/may not read with .*SMEMBERS/);
  expect(keys.code).toBe(1);
});

test('commands that were renamed in redis.conf are as good as forbidden, and are named', async () => {
  const some = await examined({
    redis: ['LINDEX', 'LTRIM', 'SCRIPT'].map((command) => `rename-command ${command} ""`),
  });
  expect(some.code).toBe(1);
  expect(some.ill).toEqual([
    'The bot may not read with LINDEX.',
    'Approved actions would be refused: the bot may not LINDEX, LTRIM, SCRIPT LOAD.',
  ]);
  expect(some.findings.map(({ remedy }) => remedy).join(' ')).toContain('renamed in redis.conf');
  const scripts = await examined({ redis: ['rename-command EVAL ""'] });
  expect(scripts.ill).toEqual(['Approved actions would be refused: the bot may not EVAL.']);
  // What managed Redis takes away is not needed.
  const managed = ['CONFIG', 'DEBUG', 'KEYS', 'FLUSHALL', 'SAVE', 'SHUTDOWN', 'MONITOR'];
  const well = await examined({ redis: managed.map((command) => `rename-command ${command} ""`) });
  expect(well.ill).toEqual([]);
});

test('a Redis that may only be read is well where nobody may approve anything', async () => {
  const { code, ill } = await examined({
    redis: [READING.replace('>PASSWORD', '>hunter2')],
    user: 'poison-control:hunter2',
    file: {},
  });
  expect(code).toBe(0);
  expect(ill).toEqual(['Nobody may approve, so guarded actions are refused.']);
});

test('a Redis that evicts, is empty, is a replica, or is not there is named with what to do', async () => {
  const evicting = await examined({ redis: ['maxmemory 100mb', 'maxmemory-policy allkeys-lru'] });
  expect(evicting.code).toBe(1);
  expect(evicting.ill).toEqual([expect.stringContaining('maxmemory-policy is allkeys-lru')]);
  const replica = await examined({ redis: ['replicaof 127.0.0.1 1', 'replica-read-only no'] });
  expect(replica.ill).toContain('It is a replica: it may be behind, and refuses what changes anything.');
  const elsewhere = await examined({
    file: { ...WELL, sidekiqs: { payroll: { redis: 'redis://:hunter2@127.0.0.1:1/0' } } },
  });
  expect(elsewhere.code).toBe(1);
  expect(elsewhere.ill).toEqual([expect.stringMatching(/Redis of payroll .* did not answer/)]);
});

test('Slack’s own refusals, missing scopes, channels, groups and people are named with what to do', async () => {
  const token = await examined({ env: { SLACK_BOT_TOKEN: 'xoxb-revoked', SLACK_APP_TOKEN: 'xapp-revoked' } });
  expect(token.ill).toEqual([
    'Slack does not take SLACK_BOT_TOKEN: invalid_auth.',
    'Slack does not take SLACK_APP_TOKEN: invalid_auth.',
  ]);
  const scopes = await examined({ sandbox: { scopes: SCOPES.filter((scope) => !/groups/.test(scope)) } });
  expect(scopes.ill[0]).toBe('The token lacks the scopes groups:read, usergroups:read.');
  const world = {
    ...ACME_PAYROLL,
    channels: ACME_PAYROLL.channels.map((channel) => ({ ...channel, hasBot: channel.id === 'C0VENDOR' })),
  };
  const places = await examined({
    sandbox: { world },
    file: {
      approvals: { requesters: ['U0ANN', 'U0GUS'], approvers: ['S0NONE', 'U0ANN'] },
      alerts: { channel: 'C0VENDOR' },
      audit: { channel: 'C0GONE' },
    },
  });
  expect(places.code).toBe(1);
  expect(places.ill).toEqual([
    'alerts.channel: #vendor-shared is shared with another organisation, and the bot says nothing there.',
    'audit.channel: the channel C0GONE can’t be found (channel_not_found).',
    expect.stringContaining('sidekiqs.payroll.channels: #payroll-incidents: the bot is not in it'),
    'approvals.requesters: nobody who may act is in U0GUS.',
    'approvals.approvers: Slack does not know S0NONE (no_such_subteam).',
    'Whoever proposes, there are not 1 others who may approve.',
  ]);
  const down = await examined({ env: { SLACK_API_URL: 'http://127.0.0.1:1/api/' } });
  expect(down.ill).toEqual(['Slack could not be reached.']);
});

test('a job class that wants more people than there are is named, with how many that are', async () => {
  const { code, findings } = await examined({
    sidekiq: {
      classes: {
        'Payroll::CalculateTaxesJob': { required: 4 },
        'Mail::ReminderJob': { required: 2 },
      },
    },
  });
  expect(code).toBe(1);
  const ofApprovals = findings.filter(({ about }) => about === 'approvals of payroll');
  expect(ofApprovals.map(({ verdict, sentence }) => `${verdict}: ${sentence}`)).toEqual([
    'good: Guarded actions can find the people that they need.',
    'wrong: classes.Payroll::CalculateTaxesJob.required wants 4 others to agree, and whoever proposes, there are at most 3: no action on this class can be approved.',
  ]);
  expect(ofApprovals[1]?.remedy).toBe(
    'Name more approvers (approvals.approvers), or want fewer for this class.',
  );
});

test('what Slack could not be asked is not called wrong, and nobody is sent to correct an id that is right', async () => {
  const { code, ill, findings } = await examined({
    trouble: (faults) => {
      faults.failNext('usergroups.users.list', { kind: 'rate_limited', retryAfterS: 3600 }, 2);
      faults.failNext('conversations.info', { kind: 'http', status: 500 });
      faults.failNext('apps.connections.open', { kind: 'rate_limited', retryAfterS: 3600 });
    },
  });
  expect(code).toBe(0);
  expect(ill).toEqual([
    'Whether the app token opens sockets could not be asked: Slack takes no more questions of this app for now (ratelimited).',
    'alerts.channel: what the channel C0ALERTS is could not be asked: something went wrong in Slack (internal_error).',
    'approvals.requesters: who is in S0ONCALL could not be asked: Slack takes no more questions of this app for now (ratelimited).',
    'approvals.approvers: who is in S0LEADS could not be asked: Slack takes no more questions of this app for now (ratelimited).',
    'Whether they can be met is not known: Slack could not be asked who is in S0ONCALL, S0LEADS.',
  ]);
  expect(describeFindings(findings)).toMatch(
    /^Nothing has to be put right \(5 that could not be looked at\)/,
  );
});

test('Kubernetes is asked where the settings name it, and a refusal is told with what to grant', async () => {
  await using refusing = await aCluster(403, answer('forbidden'));
  const refused = await examined({ sidekiq: { kubernetes: refusing.settings } });
  expect(refused.code).toBe(1);
  expect(refused.ill).toEqual([expect.stringContaining('does not let this bot list the pods of payroll')]);
  await using cluster = await aCluster(200, answer('pods'));
  const well = await examined({ sidekiq: { kubernetes: cluster.settings } });
  expect(well.ill).toEqual([]);
  expect(well.findings.map(({ about }) => about)).toContain('Kubernetes of payroll');
});

test('a record that nothing seals is a warning, which ends nothing', async () => {
  const { code, ill, findings } = await examined({ env: { AUDIT_KEY: '' } });
  expect(code).toBe(0);
  expect(ill).toEqual([
    expect.stringMatching(/^AUDIT_KEY is not set: whoever can write to the store can rewrite/),
  ]);
  expect(findings.map(({ remedy }) => remedy).join(' ')).toContain('openssl rand -hex 32');
});

test.each([
  [-90, 'wrong', 1, 'ahead of'],
  [30, 'warning', 0, 'behind'],
] as const)(
  'a machine whose clock is wrong by %d s is told so by Redis, Slack and PostgreSQL',
  async (byS, verdict, code, where) => {
    await using postgres = await startPostgresServer();
    const folder = await makeGuardedFolder('poison-control-doctor-clock');
    await using _ = { [Symbol.asyncDispose]: () => folder.remove() };
    const clock = await makeSettableClock(folder.path);
    await clock.set(byS);
    const told = await examined({ env: { ...clock.env, DATABASE_URL: await postgres.createDatabase() } });
    const clocks = told.findings.filter(({ sentence }) => sentence.startsWith('Its clock'));
    expect(clocks.map(({ about }) => about)).toEqual(['Slack', 'store', 'Redis of payroll']);
    for (const finding of clocks) {
      expect(finding).toMatchObject({ verdict, remedy: expect.stringContaining('Let NTP set the clocks') });
      const seconds = new RegExp(`^Its clock is ([0-9.]+) s ${where} this machine's`).exec(
        finding.sentence,
      )?.[1];
      // A busy machine takes its time between two looks at its clocks.
      expect(Math.abs(Number(seconds) - Math.abs(byS))).toBeLessThan(10);
    }
    expect(told.ill).toHaveLength(3);
    expect(told.code).toBe(code);
  },
);

test('wrong settings end it with 2 and all faults, also as JSON', async () => {
  const { code, faults } = await examined({ env: { SLACK_BOT_TOKEN: 'wrong', HTTP_PORT: 'x' } });
  expect(code).toBe(2);
  expect(faults).toEqual(['SLACK_BOT_TOKEN', 'HTTP_PORT']);
});

test('a store is looked at beside the bot that owns it, and one that can’t be written is named', async () => {
  await using postgres = await startPostgresServer();
  const url = await postgres.createDatabase();
  const empty = await examined({ env: { DATABASE_URL: url } });
  expect(empty.ill).toEqual([]);
  expect(empty.findings.map(({ sentence }) => sentence)).toContain(
    'It is empty yet; the bot makes its tables at its first start.',
  );
  await (await openStore(url))[Symbol.asyncDispose]();
  const kept = await examined({ env: { DATABASE_URL: url } });
  expect(kept.ill).toEqual([]);
  const readOnly = await examined({
    env: { DATABASE_URL: `${url}?options=-c%20default_transaction_read_only%3Don` },
  });
  expect(readOnly.ill).toEqual(['It can’t be written, and without a record nothing is carried out.']);
  expect(readOnly.code).toBe(1);
  await postgres.kill();
  const gone = await examined({ env: { DATABASE_URL: url } });
  expect(gone.ill).toEqual([expect.stringContaining('PostgreSQL cannot be reached')]);

  const folder = await makeGuardedFolder('poison-control-doctor-store');
  await mkdir(`${folder.path}/data`);
  const file = `sqlite:${folder.path}/data/store.sqlite`;
  {
    await using bot = await openStore(file);
    expect((await examined({ env: { DATABASE_URL: file } })).ill).toEqual([]);
    expect((await bot.auditHead()).count).toBe(0);
  }
  await writeFile(
    `${folder.path}/data/store.sqlite`,
    'no database at all, but a text of some length'.repeat(50),
  );
  const damaged = await examined({ env: { DATABASE_URL: file } });
  expect(damaged.ill).toEqual([expect.stringContaining('is damaged or no SQLite file')]);
  await chmod(folder.path, 0o700);
  await folder.remove();
});
