import { RealSidekiq } from '../../real-sidekiq/supervised.ts';
import { dialectOf, type SidekiqVersion } from '../dialect.ts';
import { Fleet } from '../fleet.ts';
import { DISASTER, INNOCENT } from '../job-class.ts';
import { seededRandom } from '../random.ts';
import type { FleetRedis } from '../redis-call.ts';
import { type Seeding, seedQueues } from '../seed.ts';

const VERSION: SidekiqVersion = '6.4.1';
const CONTAINERS = 3;
const THREADS = 5;
const BACKLOG = 20_000;
/** Enough that new ones are at hand while those of the dead lie stranded for a minute. */
const DISASTERS = 120;
/** Longer than two heartbeats, so that Sidekiq itself shows them running before they kill. */
const DISASTER_AFTER_SECONDS = 12;
const PLAIN = ['PayrollRunJob', 'TaxFilingJob', 'ReportExportJob', 'Recurring::CleanupJob'];

/**
 * The night with real Sidekiq processes that really get killed; only the application that pushes jobs is played, and
 * given back. GitLab's fetcher, told never to give a job up, brings the disasters back from its working lists after every
 * crash, as reliable_fetch did from its private ones. The processes end with `stack`.
 */
export async function startRealNight(
  redis: FleetRedis,
  redisUrl: string,
  nowMs: number,
  stack: AsyncDisposableStack,
): Promise<Fleet> {
  // jobs.rb has no Rails, and no name for what wraps its jobs.
  const classes = INNOCENT.filter(({ name }) => PLAIN.includes(name));
  const seeding: Seeding = { redis, dialect: dialectOf(VERSION), random: seededRandom(11), nowMs };
  const share = BACKLOG / classes.reduce((sum, { perSecond }) => sum + perSecond, 0);
  await seedQueues(seeding, [{ jobClass: DISASTER, jobs: DISASTERS }], 60_000);
  await seedQueues(
    seeding,
    classes.map((jobClass) => ({ jobClass, jobs: Math.round(share * jobClass.perSecond) })),
    3_600_000,
  );
  const containers = Array.from({ length: CONTAINERS }, () =>
    stack.use(
      new RealSidekiq({
        redisUrl,
        queues: [DISASTER.queue, 'payroll', 'reports'],
        concurrency: THREADS,
        fetcher: 'gitlab-reliable',
        restart: true,
        disasterAfterSeconds: DISASTER_AFTER_SECONDS,
        rescueEverySeconds: 2,
        maxInterruptions: -1,
      }),
    ),
  );
  await Promise.all(containers.map((container) => container.start()));
  return new Fleet(redis, { containers: [], classes, clientVersion: VERSION, seed: 11 }, Date.now());
}
