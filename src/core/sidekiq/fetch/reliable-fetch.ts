import {
  type FetchStrategy,
  type Fleet,
  type FoundList,
  type ListName,
  livingProcesses,
} from './strategy.ts';

/**
 * Pro's reliable_fetch, up to Pro 3 (reference: 5). Its lists are `queue:QUEUE_HOST_INDEX`, in one public account also
 * `queue:QUEUE_INDEX`. Nothing registers them, and queues and hosts may hold underscores themselves, so the target
 * comes from the jobs in the list, else from the longest registered queue that begins the name.
 */
export const reliableFetch: FetchStrategy = {
  schemes: ['reliable_fetch', 'reliable_fetch_without_host'],
  globs: [],
  readName: (list) => {
    if (!list.key.startsWith('queue:')) return undefined;
    const target = targetOf(list);
    if (target === undefined) return undefined;
    const rest = list.key.slice(`queue:${target.name}_`.length);
    const [, host, index] = /^(?:(.+)_)?(\d{1,4})$/s.exec(rest) ?? [];
    if (index === undefined) return undefined;
    return host === undefined
      ? { key: list.key, scheme: 'reliable_fetch_without_host', owner: undefined, queue: target }
      : { key: list.key, scheme: 'reliable_fetch', owner: `${host} ${index}`, queue: target };
  },
  ownerState: (list, fleet) =>
    mayBeServed(list, fleet) ? (list.owner === undefined ? 'unknown' : 'alive') : 'dead',
  evidence: (process, fleet) => {
    // The gem went in Pro 4, which needs Sidekiq 5; Pro 5 needs 6.
    if (process.version.lowestMajor >= 6) return undefined;
    const list = fleet.lists.find(
      ({ scheme, owner }) => scheme === 'reliable_fetch' && hostOf(owner) === process.hostname,
    );
    if (list !== undefined)
      return { strategy: 'reliable_fetch', evidence: `${list.key} bears the name of its host` };
    const served = fleet.lists.find(
      ({ scheme, queue }) =>
        scheme === 'reliable_fetch_without_host' && process.queues.includes(queue?.name ?? ''),
    );
    if (served === undefined) return undefined;
    return {
      strategy: 'reliable_fetch',
      evidence: `${served.key} has the form without host, and it serves that queue`,
    };
  },
};

function targetOf({ key, payloadQueues, queueNames }: FoundList): ListName['queue'] {
  const name = key.slice('queue:'.length);
  const [payloadQueue, ...others] = payloadQueues;
  if (others.length > 0) return undefined;
  if (payloadQueue !== undefined) {
    return name.startsWith(`${payloadQueue}_`) ? { name: payloadQueue, knownBy: 'payload' } : undefined;
  }
  let longest: string | undefined;
  for (const queue of queueNames) {
    if (name.startsWith(`${queue}_`) && queue.length > (longest?.length ?? 0)) longest = queue;
  }
  return longest === undefined ? undefined : { name: longest, knownBy: 'queues' };
}

/**
 * Whether a living process could be the owner: one on that host (or, without a host in the name, one that serves the
 * queue) that is not known to fetch by super_fetch (reference: 5.4).
 */
function mayBeServed(list: ListName, fleet: Fleet): boolean {
  return livingProcesses(fleet).some((process) => {
    if (fleet.superProcesses.has(process.identity)) return false;
    if (list.owner !== undefined) return process.hostname === hostOf(list.owner);
    return process.queues.length === 0 || process.queues.includes(list.queue?.name ?? '');
  });
}

/** "worker-3 0" is HOST INDEX. */
function hostOf(owner: string | undefined): string | undefined {
  return owner?.slice(0, owner.lastIndexOf(' '));
}
