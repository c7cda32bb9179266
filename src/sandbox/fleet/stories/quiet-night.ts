import { dialectOf, type SidekiqVersion } from '../dialect.ts';
import { Fleet } from '../fleet.ts';
import { INNOCENT } from '../job-class.ts';
import { seededRandom } from '../random.ts';
import type { FleetRedis } from '../redis-call.ts';
import { type Seeding, seedDailyStats, seedQueues, seedRetrySet } from '../seed.ts';
import { payrollContainers } from './containers.ts';

const VERSION: SidekiqVersion = '7.3.10';
const CONTAINERS = 5;
/** Played before it is shown, so that its metrics and counters have a past. */
const PLAYED_MS = 2 * 60 * 1000;

/** A healthy fleet on super_fetch: a few dozen jobs wait for moments, all classes run, now and then one fails. */
export async function playQuietNight(redis: FleetRedis, nowMs: number, seed = 5): Promise<Fleet> {
  const startMs = nowMs - PLAYED_MS;
  const seeding: Seeding = { redis, dialect: dialectOf(VERSION), random: seededRandom(seed), nowMs: startMs };
  await seedQueues(
    seeding,
    INNOCENT.map((jobClass) => ({ jobClass, jobs: Math.ceil(jobClass.perSecond) })),
    1_000,
  );
  for (const jobClass of INNOCENT.filter(({ failure }) => failure !== undefined)) {
    await seedRetrySet(seeding, jobClass, 4);
  }
  await seedDailyStats(seeding, { processed: 1_400_000, failed: 2_100 }, 14);
  const containers = payrollContainers(CONTAINERS, VERSION, 'super_fetch');
  const settings = { containers, classes: INNOCENT, clientVersion: VERSION, seed, stepMs: 50 };
  const fleet = new Fleet(redis, settings, startMs);
  await fleet.advance(nowMs);
  return fleet;
}
