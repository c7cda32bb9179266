import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type GuardedProcess, makeGuardedFolder, startGuarded } from '../../src/sandbox/guarded.ts';
import type { Message, Values, View } from '../../src/sandbox/page/api.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { ACME_PAYROLL, type World } from '../../src/sandbox/world.ts';
import { eventually } from '../eventually.ts';
import { startRedisServer } from '../redis-server.ts';

export const CHANNEL = 'C0PAYROLL';
/** Ten people who may approve; Ann, who may propose, is among them too. */
export const LEADS = Array.from({ length: 10 }, (_, index) => `U0LEAD${index}`);

const EXIT_DEADLINE_MS = 15_000;
const CONNECT_WITHIN_MS = 30_000;

/** The whole bot as its own process, seen only from outside: Slack's protocol, Redis, the store's tools. */
export type Stage = AsyncDisposable & {
  readonly sandbox: Sandbox;
  readonly redisUrl: string;
  /** Who is in which user group; a test may change it at any time. */
  readonly groups: Record<string, string[]>;
  startBot(databaseUrl?: string): Promise<Bot>;
  /** Runs `npm run -s` SCRIPT on the store. */
  tool(script: string, databaseUrl?: string): Promise<{ readonly code: number; readonly stdout: string }>;
};

export type Bot = {
  readonly log: string[];
  /** As the kernel's out-of-memory killer would. */
  kill(): Promise<void>;
  /** As a deploy would. Resolves with the exit code. */
  stop(): Promise<number | null>;
};

export type StageOptions = {
  readonly approvals?: object;
  readonly classes?: object;
  readonly audit?: object;
  readonly alerts?: object;
  readonly reports?: readonly object[];
};

export async function setStage({
  approvals = {},
  audit,
  alerts,
  reports = [],
}: StageOptions = {}): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const redis = await startRedisServer();
  opened.defer(() => redis.stop());
  const folder = await makeGuardedFolder('poison-control-outside');
  opened.defer(() => folder.remove());
  const groups = {
    S0ONCALL: ['U0ANN', 'U0BEN'],
    S0LEADS: ['U0ANN', 'U0ANNE', 'U0BEN', 'U0GUS', 'U0OLGA', ...LEADS],
  };
  const sandbox = opened.use(await startSandbox({ world: worldWith(groups) }));
  const settings = {
    sidekiqs: { payroll: { redis: redis.url, poll: '1s' } },
    approvals: { requesters: ['S0ONCALL'], approvers: ['S0LEADS'], ...approvals },
    reports,
    ...(audit === undefined ? {} : { audit }),
    ...(alerts === undefined ? {} : { alerts }),
  };
  const config = `${folder.path}/poison-control.yml`;
  await writeFile(config, JSON.stringify(settings));
  const bots = new Set<GuardedProcess>();
  opened.defer(async () => {
    await Promise.all([...bots].map((bot) => bot.kill()));
  });
  const own = `sqlite:${folder.path}/store.sqlite`;
  const environment = (databaseUrl: string) => ({
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    ...sandbox.env,
    POISON_CONTROL_CONFIG: config,
    DATABASE_URL: databaseUrl,
    HTTP_PORT: '0',
    LOG_LEVEL: 'info',
  });
  const stack = opened.move();
  return {
    sandbox,
    redisUrl: redis.url,
    groups,
    startBot: async (databaseUrl = own) => {
      const before = sandbox.connectionCount;
      const child = await startGuarded(process.execPath, ['src/main.ts'], {
        env: environment(databaseUrl),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      bots.add(child);
      const log: string[] = [];
      for (const stream of [child.child.stdout, child.child.stderr]) {
        if (stream !== null) createInterface({ input: stream }).on('line', (line) => log.push(line));
      }
      const connected = eventually(() => sandbox.connectionCount > before, CONNECT_WITHIN_MS);
      const exited = child.exited.then(() => {
        throw new Error(`the bot ended at its start: ${log.join('\n')}`);
      });
      exited.catch(() => {});
      await Promise.race([connected, exited]).catch((error: unknown) => {
        throw new Error(`the bot did not connect: ${log.join('\n')}`, { cause: error });
      });
      return {
        log,
        kill: async () => {
          const connected = sandbox.connectionCount;
          await child.kill();
          bots.delete(child);
          await eventually(() => sandbox.connectionCount < connected, CONNECT_WITHIN_MS);
        },
        stop: async () => {
          child.child.kill('SIGTERM');
          const tooLong = setTimeout(() => void child.kill(), EXIT_DEADLINE_MS);
          await child.exited;
          clearTimeout(tooLong);
          bots.delete(child);
          return child.child.exitCode;
        },
      };
    },
    tool: (script, databaseUrl = own) =>
      new Promise((resolve) => {
        execFile(
          'npm',
          ['run', '-s', ...script.split(' ')],
          { env: environment(databaseUrl) },
          (error, stdout) => {
            resolve({ code: error === null ? 0 : Number(error.code), stdout });
          },
        );
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/**
 * A message of the bot's own hand whose button carries what the test wants: what somebody would send who can forge a press,
 * or who kept a window open since yesterday.
 */
export async function forge(stage: Stage, act: string, value: string): Promise<Message> {
  const { sandbox } = stage;
  const mark = `forged ${Math.random()}`;
  const button = {
    type: 'button',
    action_id: `act:${act}:0`,
    text: { type: 'plain_text', text: 'Press' },
    value,
  };
  const body = new URLSearchParams({
    channel: CHANNEL,
    text: mark,
    blocks: JSON.stringify([{ type: 'actions', elements: [button] }]),
  });
  const headers = { authorization: `Bearer ${sandbox.botToken}` };
  await fetch(`${sandbox.apiUrl}chat.postMessage`, { method: 'POST', headers, body });
  return sandbox.people.waitForMessage('U0BEN', ({ text }) => text === mark);
}

/** What the button of that label carries. */
export function valueOn(message: Message, label: string): string {
  const found = new RegExp(`\\{[^{}]*"text":\\{[^{}]*"text":"${label}"[^{}]*\\}[^{}]*"value":"([^"]+)"`).exec(
    JSON.stringify(message.blocks),
  );
  if (found?.[1] === undefined) throw new Error(`no button reads ${label}`);
  return found[1];
}

/** The actions on record, by the host of the process that they are about. */
export async function actionsOf(stage: Stage, databaseUrl?: string) {
  const { stdout } = await stage.tool('sidekiq -- actions --json', databaseUrl);
  return (JSON.parse(stdout) as { actions: readonly ActionLine[] }).actions;
}

export type ActionLine = { readonly id: string; readonly state: string; readonly target: string };

function worldWith(groups: World['groups']): World {
  const leads = LEADS.map((id, index) => ({
    id,
    name: `Lead ${index}`,
    title: 'Lead',
    note: 'may approve',
    teamId: ACME_PAYROLL.team.id,
  }));
  return {
    ...ACME_PAYROLL,
    enterpriseId: 'E0ACME',
    people: [
      ...ACME_PAYROLL.people.map((person) =>
        person.id === 'U0ANN' ? { ...person, enterpriseUserId: 'W0ANN' } : person,
      ),
      ...leads,
      {
        id: 'U0ANNE',
        enterpriseUserId: 'W0ANN',
        name: 'Anne',
        title: 'Ann again',
        note: 'the same human',
        teamId: ACME_PAYROLL.team.id,
      },
    ],
    channels: ACME_PAYROLL.channels.map((channel) => ({
      ...channel,
      members: [...new Set([...channel.members, 'U0OLGA', 'U0ANNE', ...LEADS])],
    })),
    groups,
  };
}

/** Types the command, and gives the proposal's message as soon as it stands in the channel. */
export async function propose(stage: Stage, process: string, as = 'U0ANN'): Promise<Message> {
  const { people } = stage.sandbox;
  const text = `/sidekiq quiet ${process} --reason it hinders the migration`;
  await people.say({ as, channel: CHANNEL, text });
  return people.waitForMessage(
    'U0BEN',
    (message) => isProposal(message) && message.text.includes(process),
    20_000,
  );
}

/** A proposal’s own message; its thread and what was said to one person alone are not. */
export function isProposal(message: Message): boolean {
  return !message.isEphemeral && message.threadTs === undefined && message.text.includes('asks to quiet');
}

/** The message as it is now. */
export function current(stage: Stage, { channel, ts }: Message): Message {
  const found = stage.sandbox.people.messagesSeenBy('U0BEN', channel).find((message) => message.ts === ts);
  if (found === undefined) throw new Error('the message is gone');
  return found;
}

/** Waits until that message reads so. */
export function reads(
  stage: Stage,
  { channel, ts }: Message,
  words: string | RegExp,
  timeoutMs = 20_000,
): Promise<Message> {
  return stage.sandbox.people.waitForMessage(
    'U0BEN',
    (message) => message.channel === channel && message.ts === ts && new RegExp(words).test(message.text),
    timeoutMs,
  );
}

/** What is typed or chosen in a window, by the names of its fields, ready to be sent off. */
export function filled(window: View, fields: Readonly<Record<string, string>>) {
  const values = Object.entries(fields).map(([name, words]) => {
    const element = window.blocks.find(({ block_id }) => block_id === name)?.['element'];
    if (element === undefined) throw new Error(`the window has no ${name}`);
    return [name, { [(element as { readonly action_id: string }).action_id]: words }];
  });
  return { viewId: window.id, values: Object.fromEntries(values) as Values };
}

/** Waits for something that is said to this person alone. */
export function told(stage: Stage, person: string, words: string): Promise<Message> {
  return stage.sandbox.people.waitForMessage(
    person,
    (message) => message.isEphemeral && message.text.includes(words),
  );
}

/** The records of the audit log, and what audit:verify says of them. */
export async function auditOf(stage: Stage, databaseUrl?: string) {
  const verified = await stage.tool('audit:verify', databaseUrl);
  const exported = await stage.tool('audit:export', databaseUrl);
  const records = exported.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditLine);
  return { verified, records };
}

export type AuditLine = {
  readonly what: string;
  readonly why: string;
  readonly who: { readonly id: string };
  readonly proposalId: string | null;
  readonly result: string;
};
