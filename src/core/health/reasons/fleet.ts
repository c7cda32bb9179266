import { counted, duration } from '../../amounts.ts';
import { say } from '../../reply/text.ts';
import type { Figures, Reason } from '../reason.ts';
import { LONG_WAIT_MS, STOPPED_AFTER_MS } from '../thresholds.ts';

/** Is there a fleet, and does it do anything? */
export function fleetReasons(figures: Figures): readonly Reason[] {
  if (looksUnused(figures)) return [unused()];
  if (figures.running.processes === 0) return [noProcess(figures)];
  if (figures.running.quietProcesses === figures.running.processes) return allQuiet(figures);
  return nothingDone(figures);
}

function looksUnused({ snapshot, waiting, errors }: Figures): boolean {
  const { queues, processes, counters, privateLists } = snapshot;
  const jobs = waiting.jobs + waiting.scheduled + errors.retrySetSize + errors.deadSetSize;
  return (
    queues.length + processes.length + privateLists.length === 0 &&
    jobs === 0 &&
    counters.processed + counters.failed === 0
  );
}

function unused(): Reason {
  return {
    code: 'looks_unused',
    tone: 'warning',
    text: say`There is nothing of Sidekiq in this Redis: no queue, no process, no count of jobs done.`,
    detail: say`Either it has not been used yet, or the workers use another address, database number or namespace than the settings name.`,
    subjects: [],
  };
}

function noProcess({ snapshot, waiting, errors }: Figures): Reason {
  const left = snapshot.processes.length;
  const detail =
    left === 0
      ? say`No name is left in the register, so they were stopped properly or cleaned away.`
      : say`${counted(left, 'process is', 'processes are')} still registered without a heartbeat: killed, or cut off from Redis.`;
  const waits = waiting.jobs + errors.overdue;
  if (waits === 0) {
    const text = say`No Sidekiq process is alive. Nothing waits at the moment, and nothing would be done.`;
    return { code: 'no_process', tone: 'warning', text, detail, subjects: [] };
  }
  return {
    code: 'nothing_runs',
    tone: 'bad',
    text: say`Nothing is running: no Sidekiq process is alive and ${counted(waits, 'job waits', 'jobs wait')}.`,
    detail,
    subjects: [],
  };
}

function allQuiet({ waiting, running }: Figures): readonly Reason[] {
  if (waiting.jobs === 0) return [];
  const isLasting = waiting.queues.some(({ motion }) => motion.type === 'stopped');
  const waits = counted(waiting.jobs, 'job waits', 'jobs wait');
  return [
    {
      code: 'all_quiet',
      tone: isLasting ? 'bad' : 'warning',
      text: say`No new jobs are begun: every worker process has been told to take none, and ${waits}.`,
      detail: say`${counted(running.processes, 'process is', 'processes are')} quiet. That is usual for a minute of a deploy. It can't be undone: they must be replaced.`,
      subjects: [],
    },
  ];
}

/** Counters stand still although threads could work. Slow jobs look alike for a while, so short waits only warn. */
function nothingDone({ waiting, running }: Figures): readonly Reason[] {
  const { progress } = waiting;
  const served = waiting.queues.filter(({ service }) => service === 'served');
  if (served.length === 0 || progress === undefined) return [];
  if (progress.processed > 0 || progress.overMs < STOPPED_AFTER_MS) return [];
  const waits = counted(
    served.reduce((sum, { size }) => sum + size, 0),
    'job waits',
    'jobs wait',
  );
  return [
    {
      code: 'nothing_done',
      tone: served.some(({ latencyMs }) => latencyMs >= LONG_WAIT_MS) ? 'bad' : 'warning',
      text: say`No job has ended in the last ${duration(progress.overMs)}, and ${waits}.`,
      detail: say`${running.busy} of ${counted(running.threads, 'thread is', 'threads are')} busy; the counters of jobs processed stand still.`,
      subjects: [],
    },
  ];
}
