import type { SameHour } from '../history/same-hour.ts';
import type { SidekiqPolicy } from '../policy.ts';
import type { Text } from '../reply/text.ts';
import type { Fault, Snapshot } from '../sidekiq/snapshot.ts';
import type { Crashes } from './crashes.ts';
import { errorsOf } from './errors.ts';
import { lossesOf } from './losses.ts';
import { memoryOf } from './memory.ts';
import { type Figures, type Reason, worstFirst } from './reason.ts';
import { errorReasons } from './reasons/errors.ts';
import { fleetReasons } from './reasons/fleet.ts';
import { lossReasons } from './reasons/losses.ts';
import { queueReasons } from './reasons/queues.ts';
import { redisReasons } from './reasons/redis.ts';
import { threadReasons } from './reasons/threads.ts';
import { unusualReasons } from './reasons/unusual.ts';
import { runningOf } from './running.ts';
import { type Sample, sampleOf } from './sample.ts';
import { unknownsOf } from './unknowns.ts';
import { waitingOf } from './waiting.ts';

export type Verdict = 'healthy' | 'degraded' | 'incident';

/** What is to be said about one sidekiq, as data: the verdict with its reasons, and the five questions. */
export type Health = Omit<Figures, 'snapshot'> & {
  readonly sidekiq: string;
  readonly takenAtMs: number;
  readonly verdict: Verdict;
  /** Worst first; none when healthy. */
  readonly reasons: readonly Reason[];
  /** What could not be seen, and so may be worse than it looks. */
  readonly unknowns: readonly Text[];
  /** Odd things that were met while reading. */
  readonly faults: readonly Fault[];
};

/** Every place where reasons come from. */
const SOURCES: readonly ((figures: Figures) => readonly Reason[])[] = [
  fleetReasons,
  threadReasons,
  queueReasons,
  unusualReasons,
  redisReasons,
  errorReasons,
  lossReasons,
];

/** Judges one sidekiq by what is there now and by where it has been going; `sameHour` says what is usual. */
export function assess(
  snapshot: Snapshot,
  samples: readonly Sample[],
  policy: SidekiqPolicy,
  crashes?: Crashes,
  sameHour?: SameHour,
): Health {
  const track = samples.length === 0 ? [sampleOf(snapshot)] : samples;
  const figures = {
    waiting: waitingOf(snapshot, track, policy, sameHour),
    running: runningOf(snapshot, sameHour),
    memory: memoryOf(snapshot, track, sameHour),
    errors: errorsOf(snapshot, track, sameHour),
    losses: lossesOf(snapshot, track),
    crashes,
  };
  const reasons = worstFirst(SOURCES.flatMap((source) => source({ snapshot, ...figures })));
  return {
    sidekiq: snapshot.sidekiq,
    takenAtMs: snapshot.takenAtMs,
    verdict: verdictOf(reasons),
    reasons,
    ...figures,
    unknowns: unknownsOf(snapshot, track),
    faults: snapshot.faults,
  };
}

function verdictOf(reasons: readonly Reason[]): Verdict {
  if (reasons.some(({ tone }) => tone === 'bad')) return 'incident';
  return reasons.length > 0 ? 'degraded' : 'healthy';
}
