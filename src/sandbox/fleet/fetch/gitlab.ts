import { parseJob } from '../job.ts';
import type { SimulatedProcess, Taken } from '../process.ts';
import { type Call, countOf, type FleetRedis, textOf, textsOf } from '../redis-call.ts';
import { type FetchStrategy, removeFromPrivateList } from './strategy.ts';

const HEARTBEAT_EVERY_MS = 20_000;
const HEARTBEAT_TTL_SECONDS = 60;
const LEASE_EVERY_MS = 120_000;
const LEASE_TTL_SECONDS = 3_600;
const MAX_INTERRUPTIONS = 3;
const SCAN_COUNT = 1_000;

function ownerOf({ facts, fetchNonce }: SimulatedProcess): string {
  return `${facts.host}:${facts.pid}:${fetchNonce}`;
}

function privateListFor(process: SimulatedProcess, queue: string): string {
  return `working:queue:${queue}:${ownerOf(process)}`;
}

/** The job with one more interruption: the bytes change, the jid stays, and the third one puts it aside. */
function interruptedCall(text: string, queue: string, nowMs: number): Call {
  const job = parseJob(text);
  const count = (typeof job['interrupted_count'] === 'number' ? job['interrupted_count'] : 0) + 1;
  const interrupted = JSON.stringify({ ...job, interrupted_count: count });
  return count >= MAX_INTERRUPTIONS
    ? ['ZADD', 'interrupted', nowMs / 1000, interrupted]
    : ['LPUSH', `queue:${queue}`, interrupted];
}

async function rescue(redis: FleetRedis, nowMs: number): Promise<void> {
  let cursor = '0';
  do {
    const page = await redis.call('SCAN', cursor, 'MATCH', 'working:queue:*', 'COUNT', SCAN_COUNT);
    const [next, keys] = Array.isArray(page) ? page : ['0', []];
    cursor = String(next);
    for (const list of textsOf(keys)) {
      // QUEUE may hold colons, so HOST, PID and NONCE are counted from the right.
      const parts = list.split(':');
      const queue = parts.slice(2, -3).join(':');
      const heartbeatKey = `reliable-fetcher-heartbeat-${parts.slice(-3).join('-')}`;
      if (countOf(await redis.call('EXISTS', heartbeatKey)) === 1) continue;
      for (let text = textOf(await redis.call('RPOP', list)); text !== undefined; ) {
        await redis.pipeline([interruptedCall(text, queue, nowMs)]);
        text = textOf(await redis.call('RPOP', list));
      }
    }
  } while (cursor !== '0');
}

/**
 * GitLab's fetcher (seen 0.8.0): lists `working:queue:QUEUE:HOST:PID:NONCE` guarded by a heartbeat of its own. Every
 * process tries every two minutes for an hour-long lease; the winner empties the lists whose heartbeat is gone.
 * `reliable` moves a job in one step; `semi-reliable` pops it first and writes the list second.
 */
export function createGitlabFetch(mode: 'reliable' | 'semi-reliable'): FetchStrategy {
  const nextBeatMs = new WeakMap<SimulatedProcess, number>();
  const nextLeaseMs = new WeakMap<SimulatedProcess, number>();
  const twoSteps: Partial<FetchStrategy> = {
    take: (_process, queue) => ['RPOP', `queue:${queue}`],
    keep: ({ privateList, text }: Taken) => (privateList === undefined ? [] : [['LPUSH', privateList, text]]),
  };
  return {
    privateListFor,
    take: (process, queue) => ['RPOPLPUSH', `queue:${queue}`, privateListFor(process, queue)],
    ...(mode === 'semi-reliable' ? twoSteps : {}),
    finish: removeFromPrivateList,
    giveBack: (taken, nowMs) => [
      interruptedCall(taken.text, taken.queue, nowMs),
      ...removeFromPrivateList(taken),
    ],
    start: async () => [],
    async maintain(process, redis, nowMs) {
      if (nowMs >= (nextBeatMs.get(process) ?? 0)) {
        nextBeatMs.set(process, nowMs + HEARTBEAT_EVERY_MS);
        const key = `reliable-fetcher-heartbeat-${ownerOf(process).replaceAll(':', '-')}`;
        await redis.pipeline([['SET', key, 1, 'EX', HEARTBEAT_TTL_SECONDS]]);
      }
      if (nowMs >= (nextLeaseMs.get(process) ?? 0)) {
        nextLeaseMs.set(process, nowMs + LEASE_EVERY_MS);
        const lease = ['SET', 'reliable-fetcher-cleanup-lock', 1, 'NX', 'EX', LEASE_TTL_SECONDS] as const;
        const [reply] = await redis.pipeline([lease]);
        if (reply === 'OK') await rescue(redis, nowMs);
      }
    },
  };
}
