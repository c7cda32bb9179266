import type { Process, Snapshot } from '../../../src/core/sidekiq/snapshot.ts';
import type { Observation } from '../../../src/flow/command.ts';
import {
  aFleet,
  aJobSet,
  aPrivateList,
  aProcess,
  aQueue,
  aSnapshot,
  countersAt,
  HOUR_MS,
  MINUTE_MS,
  watched,
  worksOf,
} from '../../snapshots.ts';

/** The night of design.md: DisasterJob in every thread, processes killed, everything else waiting. */
export function incidentNight(): Observation {
  const last = aFleet(5, { busy: 5 });
  /** One falls every minute, on one host after the other, and another takes its place. */
  const fallen = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => aProcess(`worker-${n % 5}:1:old${n}`, { busy: 5 }));
  const processesAt = (beforeMs: number) => {
    const count = 9 - Math.floor(beforeMs / MINUTE_MS);
    const lost = fallen.slice(0, count).map((process, index): Process => {
      return { ...process, state: index < count - 1 ? 'dead' : 'silent', busy: 0, concurrency: undefined };
    });
    const alive = last.map((process) => {
      return fallen.slice(count).find(({ hostname }) => hostname === process.hostname) ?? process;
    });
    return { alive, all: [...alive, ...lost] };
  };
  const at = (beforeMs: number): Partial<Snapshot> => ({
    queues: [
      aQueue('default', {
        size: 310_000 - Math.round(beforeMs / 50),
        latencyMs: 3 * HOUR_MS - beforeMs,
        oldest: { jobClass: 'Payroll::SyncJob', createdAtMs: undefined },
      }),
      aQueue('mailers', { size: 2400 - Math.round(beforeMs / 1000), latencyMs: 2 * HOUR_MS - beforeMs }),
      aQueue('critical', { size: 12, latencyMs: 90 * MINUTE_MS - beforeMs }),
    ],
    counters: countersAt(beforeMs, 0),
    processes: processesAt(beforeMs).all,
    works: worksOf(processesAt(beforeMs).alive, 'Recurring::DisasterJob', 40_000),
    privateLists: [1, 2, 3, 4].map((n) =>
      aPrivateList({ key: `queue:default_worker-${n}_0`, scheme: 'reliable_fetch', size: 25 }),
    ),
    redis: { ...aSnapshot().redis, usedMemoryBytes: 1.41 * 2 ** 30 - beforeMs * 700 },
  });
  return { snapshot: aSnapshot(at(0)), samples: watched(9 * MINUTE_MS, at) };
}

/** An ordinary night: a few jobs, done as they come. */
export function quietNight(): Observation {
  const fleet = aFleet(5);
  const [first] = fleet;
  const at = (beforeMs: number): Partial<Snapshot> => ({
    queues: [aQueue('default', { size: 12, latencyMs: 800 }), aQueue('mailers'), aQueue('critical')],
    counters: countersAt(beforeMs, 1240, 2),
    processes: fleet.map((process) => (process === first ? { ...process, busy: 5 } : process)),
    works: worksOf(first === undefined ? [] : [first], 'Payroll::SyncJob', 1200),
    scheduledSet: aJobSet(40),
  });
  return { snapshot: aSnapshot(at(0)), samples: watched(10 * MINUTE_MS, at) };
}
