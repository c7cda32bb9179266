import { counted } from '../amounts.ts';
import { isMailer } from '../sidekiq/job-class.ts';
import type { Distinct } from './distinct.ts';
import type { ClassFound } from './purge-found.ts';
import type { PurgeParameters } from './purge-parameters.ts';

/**
 * What else happens when the jobs go, counted. A raw deletion runs none of the application's Ruby, so locks stay and
 * batches do not end (reference: 10). Each begins with its kind and a colon. A new kind brings the plan back to the people,
 * so what comes and goes by the second, such as running threads, is not among them (purge-notes.ts).
 */
export function sideEffectsOf(
  jobClass: string,
  { marks, eviction }: ClassFound,
  { releaseLocks }: Pick<PurgeParameters, 'releaseLocks'>,
): readonly string[] {
  const { batchJobs, batches, uniqueJobs, lockDigests } = marks;
  const effects: string[] = [];
  if (isMailer(jobClass)) {
    effects.push(
      'All mail: this class carries every mail of the application. A single mailer is purged as Mailer#method.',
    );
  }
  if (batchJobs > 0) {
    effects.push(
      `Batches: ${counted(batchJobs, 'job belongs', 'jobs belong')} to ${howMany(batches, 'batch', 'batches')}, which will not finish, and whose callbacks will not run, until they are restored.`,
    );
  }
  if (uniqueJobs > 0) {
    effects.push(
      `Unique locks (Enterprise): ${counted(uniqueJobs, 'job holds a lock', 'jobs hold locks')} ${releaseLocks ? 'which are released if their value is the jid of a removed job' : 'that may stay until its time is over'}; till then equal new jobs are dropped without a word.${releaseLocks ? '' : RELEASE}`,
    );
  }
  if (lockDigests.count > 0) {
    effects.push(
      `Unique locks (sidekiq-unique-jobs): ${releaseLocks ? `${howMany(lockDigests, 'lock is', 'locks are')} released where removed jobs alone hold them` : `${howMany(lockDigests, 'lock stays', 'locks stay')} until its reaper clears them`}; till then equal new jobs may be dropped or wait.${releaseLocks ? '' : RELEASE}`,
    );
  }
  if (eviction !== undefined) effects.push(evictionOf(eviction));
  return effects;
}

/** A purge moves jobs about, and keeps notes that expire: both may be what a full Redis throws away. */
function evictionOf({ of, policy }: NonNullable<ClassFound['eviction']>): string {
  return of === 'any key'
    ? `Eviction: this Redis throws any key away when it is full (maxmemory-policy ${policy}), jobs among them. Where that happens meanwhile the purge stops and says so; with noeviction it works on a full Redis too.`
    : `Eviction: this Redis throws away what expires when it is full (maxmemory-policy ${policy}), the notes of a purge among it. Where one is lost, up to one step’s jobs are archived and may still be in Redis; it says how many.`;
}

/** How to choose otherwise; it is off by default, for a lock may be what keeps the application from doing a thing twice. */
const RELEASE = ' Propose it with --release-locks to release those that removed jobs hold.';

function howMany({ count, isAtLeast }: Distinct, one: string, many: string): string {
  return `${isAtLeast ? 'at least ' : ''}${counted(count, one, many)}`;
}
