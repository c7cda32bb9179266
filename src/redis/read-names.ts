import { serverTimeMs } from '../core/redis-state.ts';
import type { SidekiqKeys } from '../core/sidekiq/keys.ts';
import { answer, type Faults, namesIn, numberIn } from './answers.ts';
import { ask } from './ask.ts';
import type { Connection } from './connect.ts';

/** What the first round trip tells: Redis's clock, and the names that the next round trips ask about. */
export type Names = {
  readonly nowMs: number;
  readonly pingMs: number;
  readonly info: string | undefined;
  readonly queues: readonly string[];
  readonly paused: ReadonlySet<string>;
  readonly processes: readonly string[];
  readonly superProcesses: ReadonlySet<string>;
  readonly hasGitlabFetchers: boolean;
};

/** Beyond it the rest is left out and reported; no Sidekiq has so many, only a Redis filled with nonsense. */
const MAX_NAMES = 10_000;

export async function readNames(
  connection: Connection,
  keys: SidekiqKeys,
  localNowMs: () => number,
  faults: Faults,
): Promise<Names> {
  await connection.ready();
  const sentAtMs = performance.now();
  // Sent in front of the rest, so that it measures the way and Redis's other work, not ours.
  const ping = ask(connection, [['PING']]).then(() => performance.now() - sentAtMs);
  const [pingMs, replies] = await Promise.all([
    ping,
    ask(connection, [
      ['TIME'],
      ['INFO'],
      ['SMEMBERS', keys.queues],
      ['SMEMBERS', keys.paused],
      ['SMEMBERS', keys.processes],
      ['SMEMBERS', keys.superProcesses],
      ['EXISTS', keys.gitlabCleanupLock],
    ]),
  ]);
  const [time, info, queues, paused, processes, superProcesses, gitlabLock] = replies;
  const infoValue = answer(info, 'INFO', faults, 'text');
  const infoText = Buffer.isBuffer(infoValue) ? infoValue.toString('utf8') : undefined;
  const names = (value: unknown, key: string) => {
    const all = namesIn(value, key, faults).sort();
    if (all.length > MAX_NAMES) {
      faults.note('unreadable', key, `${key} holds ${all.length} names; only ${MAX_NAMES} were read.`);
    }
    return all.slice(0, MAX_NAMES);
  };
  return {
    nowMs: timeIn(time?.ok ? time.value : undefined) ?? serverTimeMs(infoText) ?? localNowMs(),
    pingMs,
    info: infoText,
    queues: names(answer(queues, keys.queues, faults, 'set'), keys.queues),
    paused: new Set(names(answer(paused, keys.paused, faults, 'set'), keys.paused)),
    processes: names(answer(processes, keys.processes, faults, 'set'), keys.processes),
    superProcesses: new Set(
      names(answer(superProcesses, keys.superProcesses, faults, 'set'), keys.superProcesses),
    ),
    hasGitlabFetchers: gitlabLock?.ok === true && gitlabLock.value === 1,
  };
}

/** TIME answers seconds and microseconds. */
function timeIn(value: unknown): number | undefined {
  if (!Array.isArray(value)) return undefined;
  const [seconds, microseconds] = value.map(numberIn);
  if (seconds === undefined || microseconds === undefined) return undefined;
  return Math.round(seconds * 1000 + microseconds / 1000);
}
