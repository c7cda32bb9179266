import { gitlabHeartbeatOf } from './fetch/gitlab.ts';

/**
 * The names of Sidekiq's keys (reference: 2). redis-namespace puts its prefix before every key, up to Sidekiq 6; names
 * inside the sets (`queues`, `processes`) never carry it.
 */
export type SidekiqKeys = ReturnType<typeof sidekiqKeys>;

export function sidekiqKeys(namespace: string) {
  const prefix = namespace === '' ? '' : `${namespace}:`;
  return {
    prefix,
    queues: `${prefix}queues`,
    paused: `${prefix}paused`,
    processes: `${prefix}processes`,
    retrySet: `${prefix}retry`,
    scheduledSet: `${prefix}schedule`,
    deadSet: `${prefix}dead`,
    /** GitLab's fetchers: jobs given up after interruptions. */
    interruptedSet: `${prefix}interrupted`,
    processed: `${prefix}stat:processed`,
    failed: `${prefix}stat:failed`,
    superProcesses: `${prefix}super_processes`,
    /** GitLab's fetchers take it for an hour at a time: where it is, they are. */
    gitlabCleanupLock: `${prefix}reliable-fetcher-cleanup-lock`,

    /** Enterprise: identity of the process that enqueues periodic jobs. */
    leader: `${prefix}dear-leader`,
    /** sidekiq-cron 1 and 2. */
    cronSets: [`${prefix}cron_jobs`, `${prefix}cron_jobs:default`],

    /** Enterprise: glob of its unique locks, whose values are jids since Ent 7.0.4. */
    uniqueLocks: `${prefix}unique:*`,
    /** sidekiq-unique-jobs: the digests of its locks. */
    uniqueDigests: [`${prefix}uniquejobs:digests`, `${prefix}uniquejobs:expiring_digests`],

    /** What an iterable job saves of its progress. */
    iterable: (jid: string) => `${prefix}it-${jid}`,
    /** sidekiq-cron: a member of one of its sets is the key of an entry, or its name. */
    cronEntry: (set: string, member: string) =>
      member.startsWith('cron_job:') || member.startsWith(`${prefix}cron_job:`)
        ? `${prefix}${member.slice(member.indexOf('cron_job:'))}`
        : `${set.replace(/cron_jobs(?=:default$|$)/, 'cron_job')}:${member}`,
    queue: (name: string) => `${prefix}queue:${name}`,
    process: (identity: string) => `${prefix}${identity}`,
    /** It takes one signal from here at each beat. */
    signals: (identity: string) => `${prefix}${identity}-signals`,
    /** Since 6.4.2. */
    work: (identity: string) => `${prefix}${identity}:work`,
    /** Up to 6.4.1. */
    workers: (identity: string) => `${prefix}${identity}:workers`,
    superQueues: (identity: string) => `${prefix}${identity}:super_queues`,
    gitlabHeartbeat: (owner: string, nonce: string) => `${prefix}${gitlabHeartbeatOf(owner)}-${nonce}`,
    metrics: (minuteName: string) => `${prefix}${minuteName}`,
    processedOn: (utcDate: string) => `${prefix}stat:processed:${utcDate}`,
    failedOn: (utcDate: string) => `${prefix}stat:failed:${utcDate}`,

    /** The name without the namespace; undefined for a key of somebody else. */
    withoutPrefix: (key: string) => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined),
  };
}
