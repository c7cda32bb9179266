import { mkdir, writeFile } from 'node:fs/promises';
import type { Proposal } from '../../src/core/approval/proposal.ts';
import type { Store } from '../../src/ports/store.ts';
import { makeGuardedFolder } from '../../src/sandbox/guarded.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { openStore } from '../../src/store/open.ts';
import { Line } from '../../test/faults/line.ts';
import { startPostgresServer } from '../../test/postgres-server.ts';
import type { Known } from './acts.ts';
import { Clicks } from './clicks.ts';
import type { Spoilable } from './faults.ts';
import { startReal, startSimulated } from './fleets.ts';
import { Replica, type Rss } from './replicas.ts';
import { weekSettings, weekWorld } from './setting.ts';
import { Turns } from './turns.ts';

/** Everything that plays in a week, started and wired; `await using` ends all of it. */
export type Week = Spoilable &
  AsyncDisposable & {
    readonly sandbox: Sandbox;
    readonly clicks: Clicks;
    /** Past the line that is spoiled. */
    readonly store: Store;
    readonly databaseUrl: string;
    readonly auditKey: string;
    /** The folder in which the bots write what they have to say. */
    readonly logs: string;
    readonly memory: readonly Rss[];
    readonly faultCounts: Map<string, number>;
    readonly startedAtMs: number;
    readonly dayMinutes: number;
    readonly known: () => Promise<Known>;
    readonly sampleMemory: () => Promise<void>;
    readonly progress: () => string;
    readonly stopBots: () => Promise<void>;
  };

const AUDIT_KEY = 'a key of the week, long enough';
const LATEST = 40;
/** What people know of proposals is at most this old. */
const KNOWN_MS = 2000;

export async function startWeek(options: {
  readonly minutes: number;
  readonly seed: number;
  readonly logs: string | undefined;
}): Promise<Week> {
  const { minutes, seed } = options;
  await using opened = new AsyncDisposableStack();
  const folder = await makeGuardedFolder('poison-control-week');
  opened.defer(() => folder.remove());
  const logs = options.logs ?? folder.path;
  await mkdir(logs, { recursive: true });
  const postgres = opened.use(await startPostgresServer());
  const databaseUrl = await postgres.createDatabase();
  const storeLine = opened.use(await new Line(postgres.port).open());
  const lineUrl = new URL(databaseUrl);
  lineUrl.port = String(storeLine.port);
  const sandbox = opened.use(await startSandbox({ world: weekWorld() }));
  const sidekiqs = [opened.use(await startSimulated(seed)), opened.use(await startReal(seed, logs))];
  const config = `${folder.path}/poison-control.yml`;
  const dayMinutes = Math.max(1, Math.round(minutes / 7));
  await writeFile(config, JSON.stringify(weekSettings(sidekiqs, dayMinutes)));
  const env = {
    PATH: process.env['PATH'] ?? '',
    ...sandbox.env,
    POISON_CONTROL_CONFIG: config,
    DATABASE_URL: lineUrl.href,
    AUDIT_KEY,
  };
  const replicas: Replica[] = [];
  for (const name of ['elder', 'second', 'third'])
    replicas.push(opened.use(await Replica.start(name, logs, env)));
  const store = opened.use(await openStore(databaseUrl, { isReadOnly: true }));
  const clicks = new Clicks();
  const memory: Rss[] = [];
  const faultCounts = new Map<string, number>();
  const startedAtMs = Date.now();
  const postgresTurns = new Turns();
  const knownOf = latest(store);
  const stack = opened.move();
  return {
    sandbox,
    clicks,
    replicas,
    sidekiqs,
    storeLine,
    unplayed: [],
    store,
    databaseUrl,
    auditKey: AUDIT_KEY,
    logs,
    memory,
    faultCounts,
    startedAtMs,
    dayMinutes,
    restartPostgres: () =>
      postgresTurns.take(async () => {
        await postgres.kill();
        await postgres.start();
      }),
    known: async () => ({ sidekiqs, proposals: await knownOf() }),
    sampleMemory: async () => {
      for (const replica of replicas) {
        const sample = await replica.rss();
        if (sample !== undefined) memory.push(sample);
        await replica.revive();
      }
    },
    progress: () => {
      const minute = Math.round((Date.now() - startedAtMs) / 60_000);
      const faults = [...faultCounts.values()].reduce((sum, count) => sum + count, 0);
      const jobs = sidekiqs.map(({ name, books }) => `${name} ${books.jobs.size} pushed ${books.done} done`);
      const rss = replicas.map(
        ({ name }) => memory.findLast((one) => one.replica === name)?.mb.toFixed(0) ?? '?',
      );
      return [
        `minute ${minute}: ${clicks.count} clicks (${clicks.unanswered.length} unanswered, ${clicks.unacknowledged.length} unacknowledged)`,
        `${faults} faults`,
        ...jobs,
        `RSS ${rss.join('/')} MB`,
      ].join(', ');
    },
    stopBots: async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The newest proposals, as the store had them when it last answered. */
function latest(store: Store): () => Promise<readonly Proposal[]> {
  let kept: readonly Proposal[] = [];
  let atMs = 0;
  return async () => {
    if (Date.now() - atMs < KNOWN_MS) return kept;
    atMs = Date.now();
    kept = await store.proposals({ limit: LATEST }).catch(() => kept);
    return kept;
  };
}
