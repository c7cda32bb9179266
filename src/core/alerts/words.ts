import { bytes, counted, duration, exact, percent, perMinute } from '../amounts.ts';
import { usualCount } from '../history/phrases.ts';
import { at, code, type Span, say, type Text } from '../reply/text.ts';
import type { QueueInTrouble, Trouble, TroubleOf } from './trouble.ts';

/** Each trouble in a sentence that anybody understands, without the name of the sidekiq. */
export function openWords(trouble: Trouble, sinceMs: number): Text {
  switch (trouble.kind) {
    case 'crash loop':
      return say`worker processes keep crashing: ${exact(trouble.crashes)} since ${at(sinceMs)}.`;
    case 'likely class':
      return say`${code(trouble.jobClass)} is likely killing workers (${percent(trouble.p, 1)}).`;
    case 'stranded jobs':
      return say`${counted(trouble.jobs, 'job is', 'jobs are')} stranded: the processes that had taken them are dead.`;
    case 'backlog':
      return backlogWords(trouble);
    case 'queue stopped':
      return say`${queueNames(trouble)} ${trouble.queueCount === 1 ? 'stands' : 'stand'} still: nothing was taken for ${duration(trouble.forMs)}, and jobs wait.`;
    case 'no process':
      if (trouble.processes === 0)
        return say`no worker process is alive, and ${counted(trouble.jobs, 'job waits', 'jobs wait')}.`;
      return say`no worker process takes jobs from ${queueNames(trouble)}, where ${counted(trouble.jobs, 'job waits', 'jobs wait')}.`;
    case 'redis full':
      return redisWords(trouble);
    case 'redis refuses':
      return say`Redis refuses to write: no new job can be stored, and workers can’t go on.`;
    case 'failing':
      return say`${percent(trouble.failed, trouble.processed)} of the jobs fail${usualShare(trouble)}.`;
    default:
      return trouble satisfies never;
  }
}

/** What is behind it, for those who repair it; empty where the sentence said all. */
export function detailWords(trouble: Trouble): Text {
  switch (trouble.kind) {
    case 'crash loop': {
      const where = say`On ${counted(trouble.hosts, 'host')}, the last at ${at(trouble.lastCrashAtMs)}.`;
      return trouble.suspicion === undefined ? where : say`${where} ${trouble.suspicion}`;
    }
    case 'likely class':
      return say`In flight in ${exact(trouble.crashes)} of ${counted(trouble.allCrashes, 'crash', 'crashes')}; takes ${percent(trouble.workShare, 1)} of worker time. It cost ${counted(trouble.threadsLost, 'thread')} and ${counted(trouble.innocentsKilled, 'job')} of other classes.`;
    case 'stranded jobs':
      return say`They lie in ${counted(trouble.lists, 'private list')} and wait until something puts them back.`;
    case 'backlog':
      return say`${trouble.queues.flatMap((queue, index) => [...(index === 0 ? [] : ['; ']), ...queueWords(queue)])}. ${paceWords(trouble)}`;
    case 'queue stopped':
      return say`${trouble.queues.flatMap((queue, index) => [...(index === 0 ? [] : ['; ']), ...queueWords(queue)])}.`;
    case 'no process':
      if (trouble.processes === 0) return say`They wait in ${queueNames(trouble)}.`;
      return say`${counted(trouble.processes, 'process is', 'processes are')} alive, and ${trouble.processes === 1 ? 'serves' : 'serve'} other queues or ${trouble.processes === 1 ? 'takes' : 'take'} no new jobs.`;
    case 'redis full':
      return say`${bytes(trouble.usedBytes)} of ${bytes(trouble.maxBytes)} are used. When it is full, no job can be stored.`;
    case 'redis refuses':
      return trouble.reason === '' ? [] : say`It says: ${trouble.reason}.`;
    case 'failing':
      return say`${exact(trouble.failed)} of ${counted(trouble.processed, 'job')} raised an error in ${duration(trouble.overMs)}; most are tried again later.`;
    default:
      return trouble satisfies never;
  }
}

/** That it is over, and what it was at its worst. */
export function closingWords(trouble: Trouble): Text {
  switch (trouble.kind) {
    case 'crash loop':
      return say`no worker process crashes any more. It was ${counted(trouble.crashes, 'crash', 'crashes')}.`;
    case 'likely class':
      return say`no crash for half an hour. ${code(trouble.jobClass)} was in flight in ${exact(trouble.crashes)} of ${counted(trouble.allCrashes, 'crash', 'crashes')}.`;
    case 'stranded jobs':
      return say`no job is stranded any more. It was ${counted(trouble.mostJobs, 'job')} at most.`;
    case 'backlog':
      return say`no more waits than usual. It was ${counted(trouble.mostJobs, 'job')} at most.`;
    case 'queue stopped':
      return say`jobs are taken from ${queueNames(trouble)} again. It stood still for ${duration(trouble.mostForMs)}.`;
    case 'no process':
      return say`worker processes take the jobs again. ${counted(trouble.mostJobs, 'job')} waited at most.`;
    case 'redis full':
      return say`Redis has room again: ${bytes(trouble.usedBytes)} of ${bytes(trouble.maxBytes)} are used.`;
    case 'redis refuses':
      return say`Redis takes new jobs again.`;
    case 'failing':
      return say`no more jobs fail than usual. It was ${percent(trouble.mostShare, 1)} at most.`;
    default:
      return trouble satisfies never;
  }
}

/** Why it was none. */
export function correctionWords(trouble: Trouble): Text {
  if (trouble.kind === 'likely class')
    return say`the evidence no longer points to ${code(trouble.jobClass)}.`;
  return say`the processes that were held for dead beat again.`;
}

function backlogWords({ jobs, usualJobs, queues, queueCount }: TroubleOf<'backlog'>): Text {
  const [late] = queues.filter(({ latencyMs, targetMs }) => targetMs !== undefined && latencyMs > targetMs);
  const waits = counted(jobs, 'job waits', 'jobs wait');
  if (usualJobs !== undefined && jobs > 2 * usualJobs)
    return say`${waits}, usually ${usualCount(usualJobs)} at this hour.`;
  if (late?.targetMs !== undefined && queueCount === 1)
    return say`${code(late.name)} is late: its next job has waited ${duration(late.latencyMs)}, where ${duration(late.targetMs)} is promised.`;
  return say`${waits}, more than usual or later than promised in ${counted(queueCount, 'queue')}.`;
}

function queueWords({ name, size, latencyMs, usualSize, targetMs }: QueueInTrouble): Text {
  const usually = usualSize === undefined ? '' : ` (usually ${usualCount(usualSize)})`;
  const promised = targetMs === undefined ? '' : `, ${duration(targetMs)} promised`;
  return say`${code(name)}: ${exact(size)}${usually}, the next for ${duration(latencyMs)}${promised}`;
}

function paceWords({ perMinute: pace, emptyInMs }: TroubleOf<'backlog'>): string {
  if (pace === undefined) return 'Nobody knows yet whether they drain.';
  if (emptyInMs !== undefined) return `They drain: empty in ${duration(emptyInMs)} at this pace.`;
  return pace > 0 ? `They grow by ${perMinute(pace)}.` : 'They do not drain.';
}

function redisWords({ usedBytes, maxBytes, fullInMs }: TroubleOf<'redis full'>): Text {
  if (fullInMs === undefined)
    return say`Redis is nearly full: ${percent(usedBytes, maxBytes)} of its memory is used.`;
  return say`Redis is full in ${duration(fullInMs)} at this pace; ${percent(usedBytes, maxBytes)} of its memory is used.`;
}

function usualShare({ usualShare: share }: TroubleOf<'failing'>): string {
  return share === undefined ? '' : `, usually ${percent(share, 1)} at this hour`;
}

/** The first by name, the others by number. */
function queueNames({
  queues,
  queueCount,
}: {
  readonly queues: readonly QueueInTrouble[];
  readonly queueCount: number;
}): Text {
  const [first] = queues;
  if (first === undefined) return say`${counted(queueCount, 'queue')}`;
  const name: Span = code(first.name);
  return queueCount === 1 ? say`${name}` : say`${name} and ${counted(queueCount - 1, 'more queue')}`;
}
