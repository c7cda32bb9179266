import type { ClassFound } from '../../../src/core/actions/purge-found.ts';
import { HOUR_MS, NOW_MS } from '../../snapshots.ts';

/** What was found of a class: 25 jobs in one queue, an hour old, and nothing odd about them. */
export function aClassFound(overrides: Partial<ClassFound> = {}): ClassFound {
  return {
    sidekiq: 'payroll',
    takenAtMs: NOW_MS,
    tookMs: 40,
    cutOffMs: NOW_MS,
    places: [{ name: 'queue critical', count: 25 }],
    oldestAtMs: NOW_MS - HOUR_MS,
    newestAtMs: NOW_MS - 60_000,
    jids: ['dc47833ad68fcf420726d23d'],
    leftAlone: { later: 0, undated: 0, unreadable: 0, inUnknownLists: 0 },
    running: { threads: 0, processes: 0 },
    cron: [],
    hasLeader: false,
    eviction: undefined,
    queueNames: ['critical', 'default'],
    classNames: ['Recurring::DisasterJob', 'Payroll::SyncJob'],
    exactness: { isExact: true, isSearchComplete: true, readCount: 80, knownCount: 80 },
    ...overrides,
    marks: {
      batchJobs: 0,
      batches: { count: 0, isAtLeast: false },
      uniqueJobs: 0,
      lockDigests: { count: 0, isAtLeast: false },
      encrypted: 0,
      iterable: { count: 0, of: 25 },
      ...overrides.marks,
    },
  };
}
