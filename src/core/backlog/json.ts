import { usualJson } from '../history/phrases.ts';
import type { Usual } from '../history/usual.ts';
import type { Backlog, ClassCount } from '../sidekiq/backlog.ts';

/** The shape of docs/json.md, "backlog". */
export function backlogJson(
  backlog: Backlog,
  classes: readonly ClassCount[],
  jobs: number,
  queue: string | undefined,
  usual: Usual | undefined,
) {
  return {
    sidekiq: backlog.sidekiq,
    takenAt: new Date(backlog.takenAtMs).toISOString(),
    tookMs: backlog.tookMs,
    queue: queue ?? null,
    isExact: backlog.isExact,
    jobs,
    usual: usualJson(usual),
    ofOtherClasses: backlog.ofOtherClasses ?? 0,
    notJobs: backlog.notJobs,
    readCount: backlog.readCount,
    knownCount: backlog.knownCount,
    classes: classes.map((count) => ({
      class: count.jobClass,
      total: count.total,
      share: jobs === 0 ? 0 : count.total / jobs,
      inQueues: count.inQueues,
      inRetrySet: count.inRetrySet,
      inScheduledSet: count.inScheduledSet,
      inPrivateLists: count.inPrivateLists,
      running: count.running,
      oldestAt: count.oldestAtMs === undefined ? null : new Date(count.oldestAtMs).toISOString(),
      queues: count.queues.map(({ name, count: jobsThere }) => ({ name, count: jobsThere })),
    })),
  };
}
