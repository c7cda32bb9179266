import { NO_ARCHIVE } from '../../core/actions/restore-refusals.ts';
import { writeOff } from '../../core/actions/write-off.ts';
import { counted } from '../../core/amounts.ts';
import type { Guarded } from '../guarded.ts';
import { decidedBy } from '../planning.ts';
import { type ArchiveStore, seeArchive } from './see-archive.ts';

/** Closes what is owed of an archive of one sidekiq; one step in the store, and Redis is not touched. */
export function writingOff(sidekiq: string, store: ArchiveStore): Guarded {
  return {
    ...decidedBy(writeOff),
    isAllowedOnProtected: true,
    plan: async (parameters, nowMs) => {
      const wanted = writeOff.parameters.safeParse(parameters).data;
      const archive = wanted && (await seeArchive(wanted.archive, sidekiq, store));
      return archive === undefined
        ? NO_ARCHIVE
        : writeOff.plan({ archive: archive.actionId }, archive, nowMs);
    },
    carryOut: async ({ id, plan, progress, step }) => {
      // A bot that was killed after the step has done it all.
      if (progress === null) {
        await step({ done: plan.cap, planned: plan.cap, note: 'the store' }, async (tx) => {
          await tx.writeOffJobs(plan.target, id);
        });
      }
      const count = (await store.endedBy(id)).reduce((sum, { jobs }) => sum + jobs, 0);
      const result = `${counted(count, 'job')} are written off. The export has them until the archive expires.`;
      return { type: 'done', result };
    },
  };
}
