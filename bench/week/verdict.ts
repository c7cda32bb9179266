import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import type { Figure } from '../figure.ts';
import { settle } from './books.ts';
import type { Sidekiq } from './fleets.ts';
import { judgeMemory } from './memory.ts';
import { signalledTooOften } from './plans.ts';
import { judgeActions, type Recorded } from './records.ts';
import type { Replica } from './replicas.ts';
import { CAST, CHANNELS } from './setting.ts';
import { messagesFor } from './sight.ts';
import type { Week } from './stage.ts';
import { findJobs } from './whereabouts.ts';

const FLAT = 1.15;
const SHOWN = 10;
/** More than are proposed in a week. */
const EVERY = 10_000;

/** The figures of a week that has come to rest, with its bars; what breaks one is told line by line. */
export async function readVerdict(week: Week): Promise<readonly Figure[]> {
  await keepMessages(week);
  const jobs: Figure[] = [];
  for (const sidekiq of week.sidekiqs) jobs.push(...(await jobFigures(week, sidekiq)));
  return [
    ...playedFigures(week),
    ...jobs,
    ...(await actionFigures(week)),
    ...clickFigures(week),
    ...memoryFigures(week),
  ];
}

function playedFigures(week: Week): Figure[] {
  const { faultCounts, replicas, unplayed } = week;
  tell('faults that could not be played', unplayed);
  const sum = (count: (replica: Replica) => number) => replicas.reduce((total, one) => total + count(one), 0);
  const mornings = morningsOf(week);
  return [
    { what: 'faults', value: [...faultCounts.values()].reduce((a, b) => a + b, 0), unit: 'faults' },
    ...[...faultCounts].map(([name, value]): Figure => ({ what: `  ${name}`, value, unit: 'faults' })),
    { what: 'faults that could not be played', value: unplayed.length, unit: 'faults', atMost: 0 },
    { what: 'starts that Slack or the store spoiled', value: sum(({ retries }) => retries), unit: 'faults' },
    { what: 'bots that ended by themselves', value: sum(({ deaths }) => deaths), unit: 'faults', atMost: 0 },
    {
      what: 'bots that did not end within 20 s when asked to',
      value: sum(({ stubborn }) => stubborn),
      unit: 'faults',
      atMost: 0,
    },
    { what: 'morning posts', value: mornings.posts, unit: 'messages' },
    { what: 'morning posts beyond one a morning', value: mornings.tooMany, unit: 'messages', atMost: 0 },
  ];
}

/** A morning post begins a thread of its own, with the night in detail. */
function morningsOf({ sandbox, sidekiqs, startedAtMs, dayMinutes }: Week) {
  const posts = sandbox.people
    .messagesSeenBy('U0BEN', CHANNELS.reports)
    .filter(({ threadTs, text }) => threadTs !== undefined && text.includes('the night in detail')).length;
  const dayMs = dayMinutes * 60_000;
  // The one before the start comes late, and is still told.
  const mornings = Math.floor(Date.now() / dayMs) - Math.floor(startedAtMs / dayMs) + 1;
  return { posts, tooMany: Math.max(0, posts - mornings * sidekiqs.length) };
}

async function jobFigures({ store }: Week, { name, books, delivers, server }: Sidekiq): Promise<Figure[]> {
  const found = await findJobs(store, { name, redisUrl: server.url });
  const account = settle(books, found, delivers);
  const none = (what: string, lines: readonly string[]): Figure => {
    tell(`${name}: ${what}`, lines);
    return { what: `${name}: ${what}`, value: lines.length, unit: 'jobs', atMost: 0 };
  };
  const count = (what: string, value: number): Figure => ({ what: `${name}: ${what}`, value, unit: 'jobs' });
  return [
    count('pushed', account.pushed),
    count('done by workers', account.done),
    count('in Redis at the end', account.inRedis),
    count('in the archive at the end', account.archived),
    count('were in an archive at some time', found.everArchived.size),
    count('put back or not, left to people', account.uncertain),
    count('ran on though a purge took them', account.ranOn),
    count('ran again, for their worker was killed', account.runAgain),
    none('lost', account.lost),
    none('doubled', account.doubled),
    none('taken from a living worker by another hand than a purge', account.stolen),
    none('with other bytes than were written', account.changed),
    none('taken beyond what was agreed on', found.beyondPlans),
  ];
}

async function actionFigures(week: Week): Promise<Figure[]> {
  const { store, databaseUrl, auditKey, logs, sidekiqs } = week;
  const records: Recorded[] = [];
  const lines: string[] = [];
  for await (const { line } of store.auditLines()) lines.push(line);
  for (const line of lines) records.push(JSON.parse(line));
  await writeFile(`${logs}/audit.jsonl`, lines.join('\n'));
  const judged = judgeActions(records);
  const started = new Set(
    records.filter(({ what }) => what === 'started').map(({ proposalId }) => proposalId),
  );
  const begun = (await store.proposals({ limit: EVERY }))
    .filter(({ id }) => started.has(id))
    .map(({ plan }) => plan);
  const verified = await verifyChain(databaseUrl, auditKey);
  console.error(`audit:verify says: ${verified.said}`);
  const none = (what: string, lines: readonly string[]): Figure => {
    tell(what, lines);
    return { what, value: lines.length, unit: 'actions', atMost: 0 };
  };
  const ends = Map.groupBy(
    records.filter(({ what }) =>
      ['done', 'stopped', 'failed', 'resumed', 'interrupted', 'drift'].includes(what),
    ),
    ({ what }) => what,
  );
  return [
    { what: 'proposed', value: judged.actions, unit: 'actions' },
    { what: 'carried out', value: judged.ran, unit: 'actions' },
    ...[...ends].map(
      ([what, lines]): Figure => ({ what: `  ${what}`, value: lines.length, unit: 'records' }),
    ),
    none('run twice, or after their end', judged.twice),
    none(
      'signals beyond what was agreed on',
      sidekiqs.flatMap(({ books }) => signalledTooOften(books.signals, begun)),
    ),
    none('run without a second person', judged.unapproved),
    none('without an end', judged.endless),
    { what: 'records in the chain', value: records.length, unit: 'records' },
    { what: 'faults of the chain', value: verified.isSound ? 0 : 1, unit: 'records', atMost: 0 },
  ];
}

function clickFigures({ clicks, faultCounts }: Week): Figure[] {
  tell('unanswered', clicks.unanswered);
  tell('unacknowledged', clicks.unacknowledged);
  return [
    { what: 'clicks, commands and windows', value: clicks.count, unit: 'clicks' },
    { what: 'answered', value: clicks.answered, unit: 'clicks' },
    { what: 'pressed what had just gone', value: clicks.gone, unit: 'clicks' },
    { what: 'Slack said that no bot heard it', value: clicks.failed, unit: 'clicks' },
    { what: 'unanswered', value: clicks.unanswered.length, unit: 'clicks', atMost: 0 },
    {
      what: 'unanswered, for a bot was killed over it',
      value: clicks.excusedAnswers,
      unit: 'clicks',
      // A kill takes what one bot had in hand, and no more.
      atMost: 3 * (faultCounts.get('bot killed') ?? 0),
    },
    { what: 'acknowledged within 3 s', value: clicks.acknowledged, unit: 'clicks' },
    { what: 'slowest of those', value: clicks.slowestAckMs, unit: 'ms' },
    { what: 'longest standstill of the machine itself', value: clicks.longestStandstillMs, unit: 'ms' },
    {
      what: 'not acknowledged, for its bot was cut off or the machine stood still',
      value: clicks.excusedAcks,
      unit: 'clicks',
    },
    { what: 'not acknowledged', value: clicks.unacknowledged.length, unit: 'clicks', atMost: 0 },
  ];
}

function memoryFigures({ memory, replicas }: Week): Figure[] {
  const { growth, medianMb, mostMb, isShort } = judgeMemory(memory, replicas[0]?.name ?? '');
  return [
    { what: 'memory at the end, median of the last quarter', value: medianMb, unit: 'MB' },
    { what: 'memory, the most that any bot had', value: mostMb, unit: 'MB' },
    {
      what: 'memory of the last quarter by that of the second',
      value: growth,
      unit: 'x',
      ...(isShort ? {} : { atMost: FLAT }),
    },
  ];
}

/** What the very program says that people run. */
function verifyChain(databaseUrl: string, auditKey: string) {
  return new Promise<{ readonly isSound: boolean; readonly said: string }>((resolve) => {
    execFile(
      'npm',
      ['run', '-s', 'audit:verify'],
      { env: { ...process.env, DATABASE_URL: databaseUrl, AUDIT_KEY: auditKey } },
      (error, stdout, stderr) => resolve({ isSound: error === null, said: `${stdout}${stderr}`.trim() }),
    );
  });
}

/** Whoever looks into what broke wants to read what was said. */
async function keepMessages({ sandbox, logs }: Week): Promise<void> {
  const said = CAST.flatMap(({ id }) =>
    messagesFor(sandbox.people, id, Number.POSITIVE_INFINITY).map(
      ({ channel, ts, threadTs = '', text, isEphemeral }) =>
        JSON.stringify({ ts, channel, threadTs, ...(isEphemeral ? { onlyFor: id } : {}), text }),
    ),
  );
  await writeFile(`${logs}/messages.jsonl`, [...new Set(said)].sort().join('\n'));
}

function tell(what: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  console.error(`${what}:`);
  for (const line of lines.slice(0, SHOWN)) console.error(`  ${line}`);
  if (lines.length > SHOWN) console.error(`  and ${lines.length - SHOWN} more`);
}
