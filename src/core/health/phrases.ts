import { bytes, counted, duration, exact, percent, perMinute } from '../amounts.ts';
import { usuallyPhrase } from '../history/phrases.ts';
import { code, type Span, say, type Text } from '../reply/text.ts';
import type { Errors } from './errors.ts';
import { crashesOf, type Losses } from './losses.ts';
import type { Memory } from './memory.ts';
import type { Motion } from './motion.ts';
import type { Running, RunningClass } from './running.ts';
import type { Progress } from './trend.ts';
import type { Waiting } from './waiting.ts';

/** The five answers in a line each. */

/** One line names as many classes. */
const NAMED_CLASSES = 3;

export function waitingPhrase(waiting: Waiting): Text {
  const { jobs, queues, motion, progress, usual, usualDone, scheduled, usualScheduled } = waiting;
  const usuallyLater = usualScheduled === undefined ? '' : `, ${usuallyPhrase(usualScheduled)}`;
  const later = scheduled > 0 ? say`; ${exact(scheduled)} more are scheduled for later${usuallyLater}` : [];
  const usuallyDone = usualDone === undefined ? '' : `, ${usuallyPhrase(usualDone, perMinute)}`;
  const pace = progress === undefined ? '' : `, ${donePhrase(progress)}${usuallyDone}`;
  const usually = usual === undefined ? '' : `, ${usuallyPhrase(usual)}`;
  if (jobs === 0) return say`nothing${usually}${pace}${later}`;
  const where = `${counted(jobs, 'job')} in ${counted(queues.length, 'queue')}`;
  return say`${where}${usually}, ${motionPhrase(motion)}${pace}${later}`;
}

export function donePhrase({ perMinute: rate }: Progress): string {
  return rate <= 0 ? 'none gets done' : `${perMinute(rate)} get done`;
}

/** Short enough for a table's cell. */
export function motionPhrase(motion: Motion): string {
  switch (motion.type) {
    case 'unknown':
      return 'trend unknown yet';
    case 'steady':
      return 'steady';
    case 'draining':
      return `empty in ${duration(motion.emptyInMs)}`;
    case 'growing':
      return `growing by ${perMinute(motion.perMinute)}`;
    case 'stopped':
      return `stopped for ${duration(motion.forMs)}`;
    default:
      return motion satisfies never;
  }
}

export function runningPhrase(running: Running): Text {
  const { usualBusy } = running;
  const usually = usualBusy === undefined ? [] : say`; ${usuallyPhrase(usualBusy)}`;
  return say`${threadsPhrase(running)}${usually}`;
}

function threadsPhrase({ processes, quietProcesses, threads, busy, classes }: Running): Text {
  if (processes === 0) return say`no process is alive`;
  const quiet = quietProcesses === 0 ? '' : `, ${exact(quietProcesses)} of them quiet`;
  const fleet = `${counted(processes, 'process', 'processes')}${quiet}`;
  const [top] = classes;
  if (top === undefined) return say`${exact(busy)} of ${exact(threads)} threads busy in ${fleet}`;
  if (top.threads === busy) {
    const longest = top.longestMs === undefined ? '' : `, the longest for ${duration(top.longestMs)}`;
    return say`${exact(busy)} of ${exact(threads)} threads run ${nameOf(top)} (${exact(top.processes)} of ${fleet})${longest}`;
  }
  return say`${exact(busy)} of ${exact(threads)} threads busy in ${fleet}: ${classList(classes)}`;
}

function classList(classes: readonly RunningClass[]): Text {
  const named = classes.slice(0, NAMED_CLASSES).flatMap((running, index): Span[] => {
    const gap = index === 0 ? '' : ', ';
    return [`${gap}${exact(running.threads)} run `, nameOf(running)];
  });
  const rest = classes.length - NAMED_CLASSES;
  return rest > 0 ? say`${named} and ${counted(rest, 'more class', 'more classes')}` : named;
}

function nameOf({ jobClass }: RunningClass): Span {
  return jobClass === undefined ? 'something that is no job' : code(jobClass);
}

export function memoryPhrase({
  usedBytes,
  usualUsed,
  maxBytes,
  bytesPerMinute,
  fullInMs,
  policy,
  writes,
}: Memory): Text {
  const refused = writes.state === 'refused' ? say`; writes are refused` : [];
  if (usedBytes === undefined) return say`memory unknown${refused}`;
  const usually = usualUsed === undefined ? '' : `, ${usuallyPhrase(usualUsed, bytes)}`;
  if (maxBytes === undefined) return say`${bytes(usedBytes)} used${usually}, limit unknown${refused}`;
  if (maxBytes === 0) return say`${bytes(usedBytes)} used${usually}, no limit set${refused}`;
  const share = `${percent(usedBytes, maxBytes)} of ${bytes(maxBytes)} used${usually}`;
  const policyText = policy === undefined || policy === 'noeviction' ? [] : say`, policy ${code(policy)}`;
  return say`${share}${growthPhrase(bytesPerMinute, fullInMs)}${policyText}${refused}`;
}

function growthPhrase(bytesPerMinute: number | undefined, fullInMs: number | undefined): string {
  if (bytesPerMinute === undefined) return '';
  if (fullInMs !== undefined) return `, full in ${duration(fullInMs)} at this pace`;
  return bytesPerMinute < 0 ? ', falling' : ', not growing';
}

export function errorsPhrase(errors: Errors, losses: Losses): Text {
  const { progress, retrySetSize, deadSetSize, deathsLastHour, retrySetGrowth } = errors;
  const failures = progress === undefined ? 'failures unknown yet' : failuresPhrase(progress);
  const usually =
    errors.usualShare === undefined || errors.usualShare.median <= 0
      ? ''
      : `, ${usuallyPhrase(errors.usualShare, (share) => percent(share, 1))}`;
  const killed = progress?.failed === 0 && crashesOf(losses) > 0 ? ' (a killed process raises none)' : '';
  const usualDead = errors.usualDeadSet === undefined ? '' : `, ${usuallyPhrase(errors.usualDeadSet)}`;
  const deaths = `${counted(deadSetSize, 'job')} dead${usualDead}, ${exact(deathsLastHour)} in the last hour`;
  const usualRetries = errors.usualRetrySet === undefined ? '' : `, ${usuallyPhrase(errors.usualRetrySet)}`;
  const retries = `${exact(retrySetSize)} to be retried${changePhrase(retrySetGrowth)}${usualRetries}`;
  return say`${failures}${killed}${usually}; ${retries}; ${deaths}`;
}

function changePhrase(growth: Errors['retrySetGrowth']): string {
  if (growth === undefined || growth.jobs === 0) return '';
  const sign = growth.jobs > 0 ? '+' : '-';
  return ` (${sign}${exact(Math.abs(growth.jobs))} in ${duration(growth.overMs)})`;
}

function failuresPhrase({ failed, processed, overMs }: NonNullable<Errors['progress']>): string {
  const over = duration(overMs);
  if (failed === 0) return `no failure in ${over}`;
  return `${exact(failed)} of ${counted(Math.max(processed, failed), 'job')} failed in ${over} (${percent(failed, Math.max(processed, failed))})`;
}

export function lossesPhrase(losses: Losses): Text {
  const { overMs, started, ended, stranded } = losses;
  const crashes = crashesOf(losses);
  const died = crashes === 0 ? 'none vanished' : `${exact(crashes)} vanished without a stop`;
  const moves = overMs > 0 ? `, ${exact(started)} started, ${exact(ended)} ended` : '';
  const over = overMs > 0 ? ` in ${duration(overMs)}` : '';
  return say`${died}${moves}${over}; ${strandedPhrase(stranded)}`;
}

function strandedPhrase({ jobs, lists, isSearchComplete, unknownJobs }: Losses['stranded']): string {
  const unknown = unknownJobs === 0 ? '' : `, ${counted(unknownJobs, 'job')} in lists of unknown owners`;
  const soFar = isSearchComplete ? '' : ' found so far';
  if (jobs === 0) return `no stranded job${soFar}${unknown}`;
  return `${counted(jobs, 'job')} stranded in ${counted(lists, 'private list')}${soFar}${unknown}`;
}
