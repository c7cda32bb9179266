import type { Backlog, BacklogRequest } from '../core/sidekiq/backlog.ts';
import { Tally } from '../core/sidekiq/tally.ts';
import { Faults } from './answers.ts';
import { findJobs, type JobSource, readSources } from './job-sources.ts';
import type { Place } from './place.ts';

/** So much of the time may go into looking for private lists before the counting begins. */
const SEARCH_SHARE = 0.25;

/** Counts what waits by class, wherever it waits, until all is read or the time is up. */
export async function countBacklog(place: Place, request: BacklogRequest): Promise<Backlog> {
  const { queue, budgetMs } = request;
  const startedAtMs = performance.now();
  const asked = queue === undefined ? [] : [queue];
  const faults = new Faults();
  const found = await findJobs(place, budgetMs * SEARCH_SHARE, asked, faults);
  const sources = found.sources.filter((source) => queue === undefined || queueOf(source) === queue);

  const tally = new Tally();
  for (const { jobClass, queue: from } of found.works) {
    if (jobClass !== undefined && (queue ?? from) === from) tally.addRunning(jobClass);
  }
  const isFinished = await readSources(
    place.connection,
    sources,
    () => startedAtMs + budgetMs - performance.now(),
    (source, page) => tally.add(source.place, page),
  );
  return {
    sidekiq: place.sidekiq,
    takenAtMs: found.names.nowMs,
    tookMs: performance.now() - startedAtMs,
    classes: tally.classes(),
    ...(tally.ofOtherClasses === 0 ? {} : { ofOtherClasses: tally.ofOtherClasses }),
    notJobs: tally.notJobs,
    isExact: isFinished && place.search.state.isComplete && faults.forbidden === undefined,
    readCount: tally.readCount,
    knownCount: sources.reduce((sum, { size }) => sum + size, 0),
  };
}

/** Sets hold jobs of all queues, so no one queue is theirs. */
function queueOf({ place }: JobSource): string | undefined {
  return place.kind === 'queue' || place.kind === 'private_list' ? place.queue : undefined;
}
