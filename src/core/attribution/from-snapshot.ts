import type { PrivateList, Process, Snapshot, Work } from '../sidekiq/snapshot.ts';
import type { Beat, JobInFlight, ProcessSeen } from './observation.ts';
import type { Sighting } from './process-ends.ts';

/** What is left of an identity whose name is no longer in `processes`: its hash, until that expires. */
export type Remains = ReadonlyMap<string, { readonly beatAtMs: number; readonly isQuiet: boolean }>;

/** Every identity of the snapshot, and of those that were followed and are named no more. */
export function sightingsOf(
  snapshot: Snapshot,
  gone: readonly string[],
  remains: Remains,
  leftJobs: ReadonlyMap<string, readonly JobInFlight[]>,
): readonly Sighting[] {
  const hasLeftJobs = (identity: string): boolean => (leftJobs.get(identity) ?? []).length > 0;
  const named = snapshot.processes.map((process) => ({
    identity: process.identity,
    isNamed: true,
    hash:
      process.state === 'dead' || process.beatAtMs === undefined
        ? undefined
        : { beatAtMs: process.beatAtMs, isQuiet: process.isQuiet },
    hasLeftJobs: hasLeftJobs(process.identity),
  }));
  const unnamed = gone.map((identity) => ({
    identity,
    isNamed: false,
    hash: remains.get(identity),
    hasLeftJobs: hasLeftJobs(identity),
  }));
  return [...named, ...unnamed];
}

export function processSeen(process: Process): ProcessSeen {
  return {
    kind: 'process seen',
    identity: process.identity,
    host: process.hostname,
    queues: process.queues,
    concurrency: process.concurrency ?? 0,
    startedAtMs: process.startedAtMs ?? process.beatAtMs ?? 0,
  };
}

export function beatOf(process: Process, atMs: number, works: readonly Work[]): Beat {
  const rssKb = process.rssBytes === undefined ? undefined : process.rssBytes / 1024;
  return { kind: 'beat', identity: process.identity, atMs, rssKb, inFlight: works.flatMap(inFlight) };
}

function inFlight({ jid, jobClass, runAtMs }: Work): JobInFlight[] {
  return jid === undefined || jobClass === undefined ? [] : [{ jid, jobClass, startedAtMs: runAtMs }];
}

/**
 * The private lists that only this process can have filled, so that what they hold is what was in flight.
 *
 * reliable_fetch has none: its lists are named by host and index, and the process that takes the dead one's place fills
 * the same list within seconds (reference 5.1), long before the death is certain.
 */
export function listsLeftBy(
  process: Pick<Process, 'identity' | 'hostname' | 'pid'>,
  { privateLists, processes }: Pick<Snapshot, 'privateLists' | 'processes'>,
  claimed: { has(key: string): boolean },
): readonly PrivateList[] {
  const others = processes.filter(({ identity }) => identity !== process.identity);
  return privateLists.filter((list) => {
    if (list.size === 0 || claimed.has(list.key)) return false;
    switch (list.scheme) {
      case 'super_fetch':
      case 'super_fetch_3_4':
      case 'ultimate':
        return list.owner === process.identity;
      case 'gitlab':
        return isGitlabListOf(process, list, others);
      default:
        return false;
    }
  });
}

/**
 * GitLab's owner is host and pid, which repeat in containers: beside a living namesake only a list whose heartbeat has
 * gone is this one's. Where $DYNO is set, Sidekiq takes it for its host and the fetcher does not (seen, 0.8.0 with
 * 6.4.1); then the pid must do, if nobody else has it.
 */
function isGitlabListOf(
  { hostname, pid }: Pick<Process, 'hostname' | 'pid'>,
  { owner, ownerState }: PrivateList,
  others: readonly Process[],
): boolean {
  if (owner === undefined || pid === undefined || !owner.endsWith(`:${pid}`)) return false;
  const host = owner.slice(0, -`:${pid}`.length);
  const samePid = others.filter((other) => other.pid === pid);
  if (host === hostname) {
    const hasNamesake = samePid.some((other) => other.hostname === host && other.state === 'alive');
    return !hasNamesake || ownerState !== 'alive';
  }
  return pid !== 1 && samePid.length === 0 && !others.some((other) => other.hostname === host);
}
