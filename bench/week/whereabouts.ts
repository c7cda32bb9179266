import { crc32 } from 'node:zlib';
import { Redis } from 'ioredis';
import type { Store } from '../../src/ports/store.ts';
import { type Found, readJob } from './books.ts';
import { beyondPlan } from './plans.ts';

/** Finds every job of one Sidekiq when all has come to rest: in any key of its Redis, and in the archive. */
export async function findJobs(
  store: Store,
  sidekiq: { readonly name: string; readonly redisUrl: string },
): Promise<Found & { readonly beyondPlans: readonly string[] }> {
  const inRedis = await readRedis(sidekiq.redisUrl);
  const archived = new Map<string, number>();
  const uncertain = new Set<string>();
  const everArchived = new Set<string>();
  const beyondPlans: string[] = [];
  for (const { actionId } of await store.archives()) {
    const proposal = await store.proposal(actionId);
    if (proposal?.plan.sidekiq !== sidekiq.name) continue;
    const ends = await store.endedJobs(actionId);
    const counts = new Map<number, number>();
    for await (const { chunk, payload } of store.archivedJobs(actionId)) {
      // Stretches count the jobs that left Redis, in their order.
      const index = counts.get(chunk) ?? 0;
      counts.set(chunk, index + 1);
      const text = Buffer.from(payload).toString('utf8');
      const jid = readJob(text)?.jid ?? '';
      everArchived.add(jid);
      const beyond = beyondPlan(proposal.plan, text);
      if (beyond !== undefined) beyondPlans.push(`${actionId}: ${beyond}`);
      const end = ends.find(
        (one) => one.chunk === chunk && index >= one.first && index < one.first + one.jobs,
      )?.end;
      if (end === undefined || end === 'written_off') archived.set(jid, (archived.get(jid) ?? 0) + 1);
      else if (end !== 'restored') uncertain.add(jid);
    }
  }
  return { inRedis, archived, uncertain, everArchived, beyondPlans };
}

async function readRedis(url: string): Promise<Map<string, number[]>> {
  const redis = new Redis(url);
  const found = new Map<string, number[]>();
  try {
    for (const key of await redis.keys('*')) {
      const type = await redis.type(key);
      const texts =
        type === 'list'
          ? await redis.lrange(key, 0, -1)
          : type === 'zset'
            ? await redis.zrange(key, '0', '-1')
            : [];
      for (const text of texts) {
        const job = readJob(text);
        if (job !== undefined) found.set(job.jid, [...(found.get(job.jid) ?? []), crc32(text)]);
      }
    }
  } finally {
    redis.disconnect();
  }
  return found;
}
