import type { ArchiveSeen, OwedPlace } from '../../core/actions/archive-seen.ts';
import { PLACES } from '../../core/actions/purge-found.ts';
import { isOpen } from '../../core/approval/proposal.ts';
import type { ArchivePlace, ArchiveReader } from '../../ports/archive.ts';
import type { ProposalReader } from '../../ports/store.ts';

/** What plans about archives read of the store. */
export type ArchiveStore = Pick<ArchiveReader, 'archives' | 'owedJobs' | 'endedJobs' | 'endedBy'> &
  Pick<ProposalReader, 'proposal'>;

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
  const owed = placesOf(await store.owedJobs(actionId));
  return {
    actionId,
    sidekiq,
    jobClass: plan.jobClass ?? plan.target,
    isOpen: isOpen(proposal),
    archived,
    uncertain,
    owed,
  };
}

function placesOf(owed: readonly { readonly place: ArchivePlace; readonly jobs: number }[]): OwedPlace[] {
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
