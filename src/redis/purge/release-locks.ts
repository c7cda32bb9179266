import { readFileSync } from 'node:fs';
import { parseJson } from '../../core/sidekiq/job.ts';
import { isObject, textOf } from '../../core/sidekiq/job-class.ts';
import type { SidekiqKeys } from '../../core/sidekiq/keys.ts';
import type { ReleasedLocks } from '../../ports/acting.ts';
import type { ArchivedJob } from '../../ports/archive.ts';
import { ask, type Command, type Reply } from '../ask.ts';
import type { Connection } from '../connect.ts';

/** So many jobs' locks are looked for together: a search through the keyspace for each batch, and no more in memory. */
const BATCH_JOBS = 100_000;
const SCAN_COUNT = 1000;
const PIPELINE = 200;
/** More jobs of one lock than a script call can be handed. */
const MAX_JIDS = 1000;
/** Behind the digest, and then behind the digest with `:RUN` (reference: 8.1). */
const PARTS = ['', ':QUEUED', ':PRIMED', ':LOCKED', ':INFO'];

function script(name: 'release-unique-1' | 'release-digest-12'): string {
  return readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8');
}

type Locks = {
  /** Of jobs with Enterprise's `unique_for`. */
  readonly uniqueJids: Set<string>;
  /** Of sidekiq-unique-jobs: the removed jobs of each digest. */
  readonly digests: Map<string, Set<string>>;
};

/**
 * Releases the unique locks that removed jobs left behind, where the reference calls it safe (8.1): the lock names a removed
 * job, tested in the call that releases. It can be done again: what is released is gone. @throws {RedisUnavailable}
 */
export async function releaseLocks(
  connection: Connection,
  keys: SidekiqKeys,
  jobs: AsyncIterable<ArchivedJob>,
): Promise<ReleasedLocks> {
  let [released, heldByOthers, count] = [0, 0, 0];
  const refusals = new Set<string>();
  let locks: Locks = { uniqueJids: new Set(), digests: new Map() };
  const release = async () => {
    const [unique, digests] = [
      await releaseUnique(connection, keys, locks.uniqueJids, refusals),
      await releaseDigests(connection, keys, locks.digests, refusals),
    ];
    released += unique + digests.released;
    heldByOthers += digests.heldByOthers;
    locks = { uniqueJids: new Set(), digests: new Map() };
    count = 0;
  };
  for await (const { payload } of jobs) {
    if (!noteLocks(locks, payload)) continue;
    count += 1;
    if (count === BATCH_JOBS) await release();
  }
  await release();
  return { released, heldByOthers, refusals: [...refusals] };
}

function noteLocks({ uniqueJids, digests }: Locks, payload: Uint8Array): boolean {
  const job = parseJson(Buffer.from(payload));
  const jid = isObject(job) ? textOf(job, 'jid') : undefined;
  if (!isObject(job) || jid === undefined) return false;
  if (job['unique_for']) uniqueJids.add(jid);
  const digest = textOf(job, 'lock_digest') ?? textOf(job, 'unique_digest');
  if (digest !== undefined) {
    const known = digests.get(digest) ?? new Set();
    digests.set(digest, known.add(jid));
  }
  return job['unique_for'] !== undefined || digest !== undefined;
}

/** A lock's name is a digest that only Enterprise can make, so it is found by its value. */
async function releaseUnique(
  connection: Connection,
  keys: SidekiqKeys,
  jids: ReadonlySet<string>,
  refusals: Set<string>,
): Promise<number> {
  if (jids.size === 0) return 0;
  const text = script('release-unique-1');
  let released = 0;
  let cursor = '0';
  do {
    const scan: Command = ['SCAN', cursor, 'MATCH', keys.uniqueLocks, 'COUNT', SCAN_COUNT];
    const [reply] = await ask(connection, [scan]);
    hear(reply, refusals);
    const [next, found] = reply?.ok && Array.isArray(reply.value) ? reply.value : ['0', []];
    cursor = String(next);
    const names: Buffer[] = found;
    const values = await ask(
      connection,
      names.map((name): Command => ['GET', name]),
    );
    const held = names.flatMap((name, index): Command[] => {
      const value = values[index];
      hear(value, refusals);
      const jid = value?.ok && Buffer.isBuffer(value.value) ? value.value.toString('utf8') : '';
      return jids.has(jid) ? [['EVAL', text, 1, name, jid]] : [];
    });
    for (const answer of await ask(connection, held)) {
      hear(answer, refusals);
      if (answer.ok && answer.value === 1) released += 1;
    }
  } while (cursor !== '0');
  return released;
}

async function releaseDigests(
  connection: Connection,
  keys: SidekiqKeys,
  digests: ReadonlyMap<string, ReadonlySet<string>>,
  refusals: Set<string>,
): Promise<Omit<ReleasedLocks, 'refusals'>> {
  const text = script('release-digest-12');
  let [released, heldByOthers] = [0, 0];
  const calls = [...digests].map(([digest, jids]): Command => {
    const names = [digest, `${digest}:RUN`].flatMap((name) =>
      PARTS.map((part) => `${keys.prefix}${name}${part}`),
    );
    const few = [...jids].slice(0, MAX_JIDS);
    return ['EVAL', text, 12, ...names, ...keys.uniqueDigests, digest, ...few];
  });
  for (let from = 0; from < calls.length; from += PIPELINE) {
    for (const answer of await ask(connection, calls.slice(from, from + PIPELINE))) {
      hear(answer, refusals);
      if (answer.ok && answer.value === 1) released += 1;
      else if (answer.ok && answer.value === -1) heldByOthers += 1;
    }
  }
  return { released, heldByOthers };
}

/** What Redis refused to show or to do may have left locks behind. A key of another type is no lock. */
function hear(reply: Reply | undefined, refusals: Set<string>): void {
  if (reply?.ok === false && reply.refusal !== 'WRONGTYPE') refusals.add(reply.refusal);
}
