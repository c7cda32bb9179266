import type { ArchiveSeen, OwedPlace } from '../../core/actions/archive-seen.ts';
import { purge } from '../../core/actions/purge.ts';
import { PLACES } from '../../core/actions/purge-found.ts';
import { mayBe } from '../../core/actions/purge-selector.ts';
import { isOpen } from '../../core/approval/proposal.ts';
import type { ArchivePlace, ArchiveReader, OwedJobs } from '../../ports/archive.ts';
import type { ProposalReader } from '../../ports/store.ts';

/** What plans about archives read of the store. */
export type ArchiveStore = Pick<ArchiveReader, 'archives' | 'owedJobs' | 'endedJobs' | 'endedBy'> &
  Pick<ProposalReader, 'proposal' | 'proposals'>;

/** There are few: one for each class and place at most. */
const OPEN_ACTIONS = 200;

/** What an action of this sidekiq has archived, and what is owed of it; undefined where there is nothing. */
export async function seeArchive(
  actionId: string,
  sidekiq: string,
  store: ArchiveStore,
): Promise<ArchiveSeen | undefined> {
  const proposal = await store.proposal(actionId);
  if (proposal === undefined || proposal.plan.sidekiq !== sidekiq) return undefined;
  const archive = (await store.archives()).find((one) => one.actionId === actionId);
  if (archive === undefined) return undefined;
  const { archived, uncertain } = archive;
  const { plan } = proposal;
  const owed = await store.owedJobs(actionId);
  const jobClass = plan.jobClass ?? plan.target;
  return {
    actionId,
    sidekiq,
    jobClass,
    isOpen: isOpen(proposal),
    archived,
    uncertain,
    // A rescue takes from dead owners only.
    owedOfPrivateLists: plan.action === purge.name ? countOfPrivateLists(owed) : 0,
    openPurge: await openPurgeOf(jobClass, sidekiq, store),
    owed: placesOf(owed),
  };
}

function countOfPrivateLists(owed: readonly OwedJobs[]): number {
  return owed.reduce((sum, { place, jobs }) => sum + (place.kind === 'private_list' ? jobs : 0), 0);
}

/** One that is proposed counts too: whoever agrees to it later would undo what is put back now. */
async function openPurgeOf(
  jobClass: string,
  sidekiq: string,
  store: ArchiveStore,
): Promise<string | undefined> {
  const open = await store.proposals({ isOpen: true, limit: OPEN_ACTIONS });
  return open.find(
    ({ plan }) =>
      plan.action === purge.name &&
      plan.sidekiq === sidekiq &&
      (mayBe(jobClass, plan.target) || mayBe(plan.target, jobClass)),
  )?.id;
}

function placesOf(owed: readonly OwedJobs[]): OwedPlace[] {
  const jobs = new Map<string, number>();
  for (const one of owed) {
    const name = nameOf(one.place);
    jobs.set(name, (jobs.get(name) ?? 0) + one.jobs);
  }
  return [...jobs].map(([name, count]) => ({ name, jobs: count }));
}

/** Where it goes back to: a job of a private list to its own queue. */
function nameOf(place: ArchivePlace): string {
  switch (place.kind) {
    case 'queue':
      return PLACES.queue(place.queue);
    case 'private_list':
      return place.queue === undefined ? 'the queue that each names' : PLACES.queue(place.queue);
    case 'retry_set':
      return PLACES.retrySet;
    case 'scheduled_set':
      return PLACES.scheduledSet;
    default:
      return place satisfies never;
  }
}
