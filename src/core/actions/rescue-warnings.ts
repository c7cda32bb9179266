import { counted, duration, exact } from '../amounts.ts';
import { earliest, type StrandedClass } from '../migration/list-contents.ts';
import { hostOfList, isOfReliableFetch } from '../migration/movability.ts';
import type { Survey } from '../migration/survey.ts';
import type { RescuedList } from './rescue-fates.ts';
import type { RescueParameters } from './rescue-parameters.ts';

const NAMED = 5;

/** What can go wrong, each by its kind and a colon; a new kind brings the plan back to the people. */
export function sideEffectsOfRescue(
  wanted: RescueParameters,
  survey: Survey,
  lists: readonly RescuedList[],
  suspectsNow: readonly string[],
): readonly string[] {
  const sum = (of: (one: RescuedList) => number) => lists.reduce((total, one) => total + of(one), 0);
  const effects: string[] = [];
  const unserved = [...queuesOf(lists)].filter((queue) => !survey.servedQueues.has(queue)).sort();
  if (unserved.length > 0) {
    effects.push(
      `No worker: no living process takes jobs from ${named(unserved)}; what goes there will wait.`,
    );
  }
  const old = oldClasses(lists);
  if (old.length > 0) {
    const classes = old.map(({ jobClass, overWeek }) => `${exact(overWeek)} of ${jobClass}`);
    effects.push(`Old jobs: ${named(classes)} are older than a week and will run as if they were fresh.`);
  }
  const batchJobs = sum(({ list }) => list.contents?.batchJobs ?? 0);
  if (batchJobs > 0) {
    effects.push(
      `Batches: ${counted(batchJobs, 'job belongs', 'jobs belong')} to batches; those go on, but one that has expired or was deleted will not call back.`,
    );
  }
  const locked = sum(({ list }) => list.contents?.lockedJobs ?? 0);
  if (locked > 0) {
    effects.push(
      `Unique locks: ${counted(locked, 'job has', 'jobs have')} a lock that may have run out, so an equal job may have run meanwhile.`,
    );
  }
  const hosts = new Set(lists.flatMap(({ list }) => hostOfList(list) ?? []));
  if (lists.some(({ list }) => isOfReliableFetch(list))) {
    const where = hosts.size === 0 ? '' : ` on ${named([...hosts].sort())}`;
    effects.push(
      `Owner may come back: Redis can't show a process of the old release that is about to start${where}. Approve only if that release is not deployed any more.`,
    );
  }
  const kept = sum(({ fates }) => fates.kept);
  if (kept > 0)
    effects.push(`Left: ${counted(kept, 'entry stays', 'entries stay')}, of suspects or no jobs.`);
  const archived = sum(({ fates }) => fates.archived);
  if (archived > 0) {
    effects.push(`Archive: ${counted(archived, 'job')} of suspects leave Redis and are archived first.`);
  }
  const newly = suspectsNow.filter((suspect) => !(wanted.suspects ?? []).includes(suspect));
  if (newly.length > 0) effects.push(`New suspects: ${named(newly)} would be moved as this was approved.`);
  return effects;
}

/** Ages by class, and what was not read. */
export function notesOfRescue(survey: Survey, lists: readonly RescuedList[]): readonly string[] {
  const byClass = Map.groupBy(
    lists.flatMap(({ fates }) => fates.classes),
    ({ jobClass }) => jobClass,
  );
  const totals = [...byClass]
    .map(([jobClass, parts]) => ({
      jobClass,
      count: parts.reduce((sum, { count }) => sum + count, 0),
      oldestAtMs: earliest(parts.map(({ oldestAtMs }) => oldestAtMs)),
    }))
    .sort((one, other) => other.count - one.count);
  const classes = totals.map(({ jobClass, count, oldestAtMs }) => {
    const age =
      oldestAtMs === undefined ? 'of unknown age' : `up to ${duration(survey.takenAtMs - oldestAtMs)} old`;
    return `${exact(count)} ${jobClass} (${age})`;
  });
  const notes = classes.length === 0 ? [] : [`By class: ${named(classes)}.`];
  const unread = lists.reduce((sum, { fates }) => sum + fates.unread, 0);
  if (unread > 0)
    notes.push(`${counted(unread, 'entry was', 'entries were')} not read, for there was no time.`);
  if (!survey.isSearchComplete) notes.push('The keyspace is still being searched: there may be more lists.');
  return notes;
}

export function oldClasses(lists: readonly RescuedList[]): readonly StrandedClass[] {
  const old = lists.flatMap(({ fates }) => fates.classes.filter(({ overWeek }) => overWeek > 0));
  return [...Map.groupBy(old, ({ jobClass }) => jobClass)].map(([jobClass, parts]) => ({
    jobClass,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    overWeek: parts.reduce((sum, { overWeek }) => sum + overWeek, 0),
    oldestAtMs: earliest(parts.map(({ oldestAtMs }) => oldestAtMs)),
  }));
}

function queuesOf(lists: readonly RescuedList[]): ReadonlySet<string> {
  return new Set(lists.filter(({ fates }) => fates.moved > 0).flatMap(({ list }) => list.queue?.name ?? []));
}

function named(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
