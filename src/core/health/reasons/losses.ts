import { counted, duration, exact } from '../../amounts.ts';
import { say, type Text } from '../../reply/text.ts';
import { suspectPhrase } from '../crashes.ts';
import { crashesOf, keepDying, type Losses } from '../losses.ts';
import type { Figures, Reason } from '../reason.ts';
import { STOPPED_AFTER_MS } from '../thresholds.ts';

/** Do processes vanish, and what did they leave behind? */
export function lossReasons({ losses, running, crashes }: Figures): readonly Reason[] {
  return [
    ...dying(losses, running.processes, crashes?.suspect),
    ...killedWhileStopping(losses),
    ...stranded(losses),
    ...unknownLists(losses),
  ];
}

function dying(
  losses: Losses,
  aliveProcesses: number,
  suspect: NonNullable<Figures['crashes']>['suspect'],
): readonly Reason[] {
  const crashes = crashesOf(losses);
  if (crashes === 0) return [];
  const isPattern = keepDying(losses, aliveProcesses);
  const vanished = counted(crashes, 'worker process has', 'worker processes have');
  const text = isPattern
    ? say`Worker processes keep dying: ${exact(crashes)} vanished without a proper stop${period(losses)}.`
    : say`${vanished} vanished without a proper stop${period(losses)}.`;
  return [
    {
      code: 'processes_dying',
      tone: isPattern ? 'bad' : 'warning',
      text,
      detail:
        suspect === undefined
          ? say`Killed for memory, a lost node or a lost connection all look like this.${restarts(losses)}`
          : say`${suspectPhrase(suspect)}.${restarts(losses)}`,
      subjects: suspect === undefined ? [] : [suspect.jobClass],
    },
  ];
}

/** Whether something starts them again tells a crash loop from a node that is gone. */
function restarts({ overMs, started }: Losses): string {
  if (overMs < STOPPED_AFTER_MS) return '';
  return started === 0
    ? ' None was started since.'
    : ` ${counted(started, 'process was', 'processes were')} started since.`;
}

function killedWhileStopping({ lostWhileStopping }: Losses): readonly Reason[] {
  if (lostWhileStopping === 0) return [];
  return [
    {
      code: 'killed_while_stopping',
      tone: 'warning',
      text: say`${counted(lostWhileStopping, 'worker process was', 'worker processes were')} killed before finishing a stop.`,
      detail: say`They had been told to take no new jobs: usually the grace period of a deploy is shorter than Sidekiq's timeout.`,
      subjects: [],
    },
  ];
}

function stranded({ stranded: { jobs, lists, isSearchComplete } }: Losses): readonly Reason[] {
  if (jobs === 0) return [];
  const atLeast = isSearchComplete ? '' : 'At least ';
  return [
    {
      code: 'jobs_stranded',
      tone: 'warning',
      text: say`${atLeast}${counted(jobs, 'job is', 'jobs are')} stranded: the worker processes that had taken them are dead.`,
      detail: say`They lie in ${counted(lists, 'private list')} whose owners are dead, and wait until something puts them back.`,
      subjects: [],
    },
  ];
}

function unknownLists({ stranded: { unknownJobs, unknownLists: lists } }: Losses): readonly Reason[] {
  if (unknownJobs === 0) return [];
  return [
    {
      code: 'lists_unknown',
      tone: 'warning',
      text: say`${counted(unknownJobs, 'job lies', 'jobs lie')} in lists of which it is not known whether anybody still works on them.`,
      detail: say`${counted(lists, 'list looks', 'lists look')} like private ones of a fetcher.`,
      subjects: [],
    },
  ];
}

/** Shorter than a minute, samples show only what had happened before them. */
function period({ overMs, lost, lostBefore }: Losses): Text {
  if (overMs < STOPPED_AFTER_MS) return [];
  const during = `in the last ${duration(overMs)}`;
  if (lostBefore === 0) return say` ${during}`;
  return lost === lostBefore
    ? say`, none of them ${during}`
    : say`, ${exact(lost - lostBefore)} of them ${during}`;
}
