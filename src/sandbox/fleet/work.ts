import { classNameOf, failedJob, parseJob } from './job.ts';
import type { JobClass } from './job-class.ts';
import type { Running, SimulatedProcess, Taken } from './process.ts';
import type { Random } from './random.ts';
import type { Call } from './redis-call.ts';

/** A job of a class that nobody described runs this long. */
const UNKNOWN_CLASS_DURATION_MS = 100;

/** What a thread is busy with once it has taken a job. A leaking job never ends by itself. */
export function beginJob(
  taken: Taken,
  classes: ReadonlyMap<string, JobClass>,
  nowMs: number,
  random: Random,
): Running {
  const className = classNameOf(parseJob(taken.text));
  const jobClass = classes.get(className);
  const leakKbPerSecond = jobClass?.leakKbPerSecond ?? 0;
  const durationMs = random.exponential(jobClass?.durationMs ?? UNKNOWN_CLASS_DURATION_MS);
  const endsAtMs = leakKbPerSecond > 0 ? Number.POSITIVE_INFINITY : nowMs + durationMs;
  return { taken, className, startedAtMs: nowMs, endsAtMs, leakKbPerSecond };
}

/** Counts a job that has ended; a failed one is written to the retry set. */
export function endJob(
  { sinceBeat, dialect }: SimulatedProcess,
  running: Running,
  jobClass: JobClass | undefined,
  nowMs: number,
  random: Random,
): readonly Call[] {
  const add = (field: 'p' | 'f' | 'ms', amount: number): void => {
    const name = `${running.className}|${field}`;
    sinceBeat.metrics.set(name, (sinceBeat.metrics.get(name) ?? 0) + amount);
  };
  sinceBeat.processed += 1;
  add('p', 1);
  const failure = jobClass?.failure;
  if (failure === undefined || random.next() >= failure.share) {
    add('ms', nowMs - running.startedAtMs);
    return [];
  }
  sinceBeat.failed += 1;
  add('f', 1);
  const failed = failedJob(running.taken.text, failure, dialect, nowMs, random);
  return [['ZADD', 'retry', failed.dueSeconds, failed.text]];
}
