import type { JobSet } from '../core/sidekiq/snapshot.ts';
import { answer, type Faults, numberIn } from './answers.ts';
import { ask, type Command, type Reply } from './ask.ts';
import type { Connection } from './connect.ts';

const HOUR_MS = 3_600_000;

/** A million members need twenty steps. */
const MAX_SEARCH_STEPS = 40;

/** The ends of a set come with their payloads: no command tells a score by rank alone. */
export function setCommands(key: string): Command[] {
  return [
    ['ZCARD', key],
    ['ZRANGE', key, 0, 0, 'WITHSCORES'],
    ['ZRANGE', key, -1, -1, 'WITHSCORES'],
  ];
}

/** Reads the answers to `setCommands`, and counts what is due (retry, scheduled) or died within the hour (dead). */
export async function readSet(
  connection: Connection,
  key: string,
  replies: readonly (Reply | undefined)[],
  counts: 'due' | 'addedLastHour',
  nowMs: number,
  faults: Faults,
): Promise<JobSet> {
  const [card, lowest, highest] = replies;
  const size = numberIn(answer(card, key, faults, 'sorted set')) ?? 0;
  const lowestScoreMs = scoreMsIn(lowest?.ok ? lowest.value : undefined);
  const highestScoreMs = scoreMsIn(highest?.ok ? highest.value : undefined);
  const ends = { size, lowestScoreMs, highestScoreMs };
  if (size === 0) return { ...ends, due: 0, addedLastHour: 0 };
  const borderMs = counts === 'due' ? nowMs : nowMs - HOUR_MS;
  const below = await countUpTo(connection, key, borderMs, ends, faults);
  return { ...ends, due: counts === 'due' ? below : 0, addedLastHour: counts === 'due' ? 0 : size - below };
}

/** How many members have a score up to that time. */
async function countUpTo(
  connection: Connection,
  key: string,
  borderMs: number,
  ends: Pick<JobSet, 'size' | 'lowestScoreMs' | 'highestScoreMs'>,
  faults: Faults,
): Promise<number> {
  if (ends.lowestScoreMs !== undefined && ends.lowestScoreMs > borderMs) return 0;
  if (ends.highestScoreMs !== undefined && ends.highestScoreMs <= borderMs) return ends.size;
  const [reply] = await ask(connection, [['ZCOUNT', key, '-inf', borderMs / 1000]]);
  if (reply?.ok) return numberIn(reply.value) ?? 0;
  return searchUpTo(connection, key, borderMs, ends.size, faults);
}

/** The same for a user that may not ZCOUNT (it is not in every list of reading commands): halving by rank. */
async function searchUpTo(
  connection: Connection,
  key: string,
  borderMs: number,
  size: number,
  faults: Faults,
): Promise<number> {
  let [low, high] = [0, size];
  for (let step = 0; low < high && step < MAX_SEARCH_STEPS; step += 1) {
    const middle = Math.floor((low + high) / 2);
    const [reply] = await ask(connection, [['ZRANGE', key, middle, middle, 'WITHSCORES']]);
    const scoreMs = scoreMsIn(answer(reply, key, faults, 'sorted set'));
    if (scoreMs === undefined || scoreMs > borderMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Scores are float seconds in all versions, whatever the unit inside the jobs (reference: 3.5). */
function scoreMsIn(value: unknown): number | undefined {
  const seconds = numberIn(Array.isArray(value) ? value[1] : undefined);
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}
