import { counted, duration, exact, percent } from '../../amounts.ts';
import { say } from '../../reply/text.ts';
import type { Errors } from '../errors.ts';
import type { Figures, Reason } from '../reason.ts';
import {
  BROKEN_NEEDS,
  BROKEN_SHARE,
  DEATHS_LAST_HOUR,
  FAILING_NEEDS,
  FAILING_SHARE,
  OVERDUE_JOBS,
  RETRY_GROWTH_JOBS,
  RETRY_GROWTH_SHARE,
} from '../thresholds.ts';

/** Does the application itself fail? */
export function errorReasons({ errors, running }: Figures): readonly Reason[] {
  const reasons = [...failing(errors), ...retriesGrow(errors), ...deaths(errors)];
  // With no process at all nobody polls, which fleet.ts says.
  return running.processes === 0 ? reasons : [...reasons, ...overdue(errors)];
}

function failing({ progress }: Errors): readonly Reason[] {
  if (progress === undefined || progress.failed < FAILING_NEEDS) return [];
  const { failed, overMs } = progress;
  // Failures are counted at another moment than the jobs they belong to; a share above one is one.
  const processed = Math.max(progress.processed, failed);
  if (failed < processed * FAILING_SHARE) return [];
  const isBroken = failed >= BROKEN_NEEDS && failed >= processed * BROKEN_SHARE;
  return [
    {
      code: 'app_failing',
      tone: isBroken ? 'bad' : 'warning',
      text: say`The application fails in ${percent(failed, processed)} of its jobs.`,
      detail: say`${exact(failed)} of ${exact(processed)} jobs raised an error in the last ${duration(overMs)}; most are tried again later.`,
      subjects: [],
    },
  ];
}

function retriesGrow({ retrySetSize, retrySetGrowth }: Errors): readonly Reason[] {
  if (retrySetGrowth === undefined || retrySetGrowth.jobs < RETRY_GROWTH_JOBS) return [];
  if (retrySetGrowth.jobs < retrySetSize * RETRY_GROWTH_SHARE) return [];
  return [
    {
      code: 'retry_set_grows',
      tone: 'warning',
      text: say`More and more jobs fail and wait for another try: ${exact(retrySetSize)} by now.`,
      detail: say`The retry set grew by ${exact(retrySetGrowth.jobs)} in ${duration(retrySetGrowth.overMs)}.`,
      subjects: [],
    },
  ];
}

function deaths({ deathsLastHour, deadSetSize }: Errors): readonly Reason[] {
  if (deathsLastHour < DEATHS_LAST_HOUR) return [];
  return [
    {
      code: 'jobs_died',
      tone: 'warning',
      text: say`${exact(deathsLastHour)} jobs were given up for good in the last hour.`,
      detail: say`They ran out of retries, or were poison pills; the dead set holds ${counted(deadSetSize, 'job')}.`,
      subjects: [],
    },
  ];
}

function overdue({ overdue: jobs }: Errors): readonly Reason[] {
  if (jobs < OVERDUE_JOBS) return [];
  return [
    {
      code: 'jobs_overdue',
      tone: 'warning',
      text: say`${exact(jobs)} jobs are due, by retry or by schedule, and are not put in their queues.`,
      detail: say`The pollers of the worker processes do that; they can't keep up, or do not run.`,
      subjects: [],
    },
  ];
}
