import { localTime } from '../../src/core/history/calendar.ts';
import type { Process, Work } from '../../src/core/sidekiq/snapshot.ts';
import { aProcess, MINUTE_MS } from '../snapshots.ts';
import type { Shape } from './shape.ts';

const PROCESSES = 5;
const THREADS = 5;
/** In the incident each lives a minute and a half; another takes its place. */
const LIFE_MS = 90_000;
const TURN_MS = 110_000;
const DEAD_SHOWN_MS = 180_000;
/** The dead are seen for a while after the culprit is purged. */
const AFTERWARDS_MS = 3 * MINUTE_MS;

/** A deploy every day replaces all; in the incident each is killed. */
export function processesAt(shape: Shape, atMs: number): readonly Process[] {
  const { incident, calendar, deployMinute } = shape;
  if (isDying(shape, atMs)) return dyingProcesses(shape, atMs);
  const { date, minuteOfDay } = localTime(atMs, calendar.timezone);
  const release = `${date.replaceAll('-', '')}${minuteOfDay >= deployMinute ? 'b' : 'a'}`;
  const generation = atMs >= incident.fixedMs ? `${release}fixed` : release;
  return Array.from({ length: PROCESSES }, (_, slot) =>
    alive(`w${slot}:1:${generation}`, atMs - 3000, 2, atMs - 3_600_000),
  );
}

/** In the incident every thread runs the class that kills, but for one in each process. */
export function worksAt(shape: Shape, atMs: number, processes: readonly Process[]): readonly Work[] {
  const isBad = isDying(shape, atMs);
  return processes
    .filter(({ state }) => state !== 'dead')
    .flatMap(({ identity, busy, startedAtMs }) =>
      Array.from({ length: busy }, (_, thread) => ({
        identity,
        threadId: `t${thread}`,
        queue: 'default',
        jobClass: isBad && thread > 0 ? 'Recurring::DisasterJob' : 'SyncJob',
        jid: `${identity}-${thread}-${Math.floor(atMs / MINUTE_MS)}`,
        runAtMs: startedAtMs,
      })),
    );
}

function isDying({ incident }: Shape, atMs: number): boolean {
  return atMs >= incident.fromMs && atMs < incident.fixedMs + AFTERWARDS_MS;
}

function dyingProcesses({ incident }: Shape, atMs: number): readonly Process[] {
  return Array.from({ length: PROCESSES }, (_, slot) => slot).flatMap((slot) => {
    const firstMs = incident.fromMs - LIFE_MS + slot * 17_000;
    const turns = Math.ceil((atMs - firstMs) / TURN_MS);
    return [turns - 3, turns - 2, turns - 1].flatMap((turn): readonly Process[] => {
      const startedAtMs = firstMs + turn * TURN_MS;
      if (turn < 0 || startedAtMs > Math.min(atMs, incident.fixedMs)) return [];
      return dyingProcess(`w${slot}:1:turn${turn}`, startedAtMs, atMs, atMs < incident.fixedMs ? THREADS : 2);
    });
  });
}

function dyingProcess(identity: string, startedAtMs: number, atMs: number, busy: number): readonly Process[] {
  const lastBeatMs = startedAtMs + Math.floor((LIFE_MS - 1) / 10_000) * 10_000;
  if (atMs < startedAtMs + LIFE_MS)
    return [alive(identity, Math.min(lastBeatMs, atMs - 2000), busy, startedAtMs)];
  const silentMs = atMs - lastBeatMs;
  if (silentMs > DEAD_SHOWN_MS) return [];
  const isDead = silentMs >= 60_000;
  return [
    aProcess(identity, {
      state: isDead ? 'dead' : silentMs >= 25_000 ? 'silent' : 'alive',
      startedAtMs: isDead ? undefined : startedAtMs,
      beatAtMs: isDead ? undefined : lastBeatMs,
      concurrency: isDead ? undefined : THREADS,
      busy: isDead ? 0 : THREADS,
    }),
  ];
}

function alive(identity: string, beatAtMs: number, busy: number, startedAtMs: number): Process {
  const queues = ['default', 'mailers', 'within_5_minutes'];
  return aProcess(identity, { startedAtMs, beatAtMs, concurrency: THREADS, busy, queues });
}
