import { dialectOf, type SidekiqVersion } from '../dialect.ts';
import { Fleet } from '../fleet.ts';
import { DISASTER, INNOCENT, type JobClass } from '../job-class.ts';
import { seededRandom } from '../random.ts';
import type { FleetRedis } from '../redis-call.ts';
import { type Seeding, seedDailyStats, seedPrivateList, seedQueues, seedRetrySet } from '../seed.ts';
import { payrollContainers } from './containers.ts';

/** Sidekiq 4.2 with Pro 3: the last pair that had reliable_fetch. */
const VERSION: SidekiqVersion = '4.2.10';
const CONTAINERS = 5;
/** The night has lasted this long when somebody looks. */
const NIGHT_MS = 7 * 60 * 60 * 1000;
/** Played before it is shown, so that dead processes and crashes of the last minutes are there. */
const PLAYED_MS = 3 * 60 * 1000;
const DISASTERS_WAITING = 38;
/** How the backlog divides: the share of each innocent class, by its usual rate. */
const USUAL_PER_SECOND = INNOCENT.reduce((sum, { perSecond }) => sum + perSecond, 0);
/** At the end of a pay period the application pushes more than on a quiet night. */
const BUSY_FACTOR = 3;

/** The Redis of the story: small enough that the growing backlog is going to fill it within hours. */
export const INCIDENT_REDIS_CONFIG = ['maxmemory 224mb', 'maxmemory-policy noeviction'] as const;

export type IncidentOptions = { readonly backlog?: number; readonly seed?: number };

/**
 * The night that Poison Control was built for: every thread of every process holds Recurring::DisasterJob, kept by
 * reliable_fetch and run first after every crash, while everything else waits and Redis fills up.
 */
export async function playIncident(
  redis: FleetRedis,
  nowMs: number,
  { backlog = 312_000, seed = 3 }: IncidentOptions = {},
): Promise<Fleet> {
  const startMs = nowMs - PLAYED_MS;
  const seeding: Seeding = { redis, dialect: dialectOf(VERSION), random: seededRandom(seed), nowMs: startMs };
  const containers = payrollContainers(CONTAINERS, VERSION, 'reliable_fetch');
  const mixture = INNOCENT.map((jobClass) => ({
    jobClass,
    jobs: Math.round((backlog * jobClass.perSecond) / USUAL_PER_SECOND),
  }));
  // The disasters first: theirs was the oldest place in the line, before anybody noticed anything.
  await seedQueues(
    { ...seeding, nowMs: startMs - NIGHT_MS },
    [{ jobClass: DISASTER, jobs: DISASTERS_WAITING }],
    60_000,
  );
  await seedQueues(seeding, mixture, NIGHT_MS);
  for (const { host, index, concurrency } of containers) {
    const key = `queue:${DISASTER.queue}_${host}_${index}`;
    await seedPrivateList({ ...seeding, nowMs: startMs - NIGHT_MS }, key, DISASTER, concurrency);
  }
  for (const jobClass of INNOCENT.filter(({ failure }) => failure !== undefined)) {
    await seedRetrySet(seeding, jobClass, 37);
  }
  await seedDailyStats(seeding, { processed: 1_400_000, failed: 2_100 }, 14, NIGHT_MS);
  const classes: JobClass[] = [
    DISASTER,
    ...INNOCENT.map((jobClass) => ({ ...jobClass, perSecond: jobClass.perSecond * BUSY_FACTOR })),
  ];
  const fleet = new Fleet(redis, { containers, classes, clientVersion: VERSION, seed, stepMs: 50 }, startMs);
  await fleet.advance(nowMs);
  return fleet;
}
