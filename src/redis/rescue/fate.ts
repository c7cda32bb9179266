import type { Fate } from '../../core/actions/rescue-fates.ts';
import { readJob } from '../../core/sidekiq/job.ts';
import type { RescueOrder } from '../../ports/acting.ts';

export type Judged = {
  readonly payload: Buffer;
  readonly fate: Fate;
  readonly jid: string | undefined;
  /** Undefined for what is no job. */
  readonly jobClass: string | undefined;
};

/** What is no job stays where it is: a worker would only throw it into the dead set (reference: 3.4). */
export function judge(payload: Buffer, { keep, archive }: Pick<RescueOrder, 'keep' | 'archive'>): Judged {
  const reading = readJob(payload);
  if (reading.kind !== 'job') return { payload, fate: 'keep', jid: undefined, jobClass: undefined };
  const { jobClass, jid } = reading.job;
  if (archive.includes(jobClass)) return { payload, fate: 'archive', jid, jobClass };
  return { payload, fate: keep.includes(jobClass) ? 'keep' : 'move', jid, jobClass };
}

/** Neighbours of one fate as one pair of arguments: `move`, 120, `keep`, 1, … */
export function runsOf(jobs: readonly Judged[]): (string | number)[] {
  const runs: (string | number)[] = [];
  let count = 0;
  jobs.forEach(({ fate }, index) => {
    count += 1;
    if (jobs[index + 1]?.fate === fate) return;
    runs.push(fate, count);
    count = 0;
  });
  return runs;
}
