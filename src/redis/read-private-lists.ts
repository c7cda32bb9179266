import { createHash } from 'node:crypto';
import { gitlabOwnerOfHeartbeat } from '../core/sidekiq/fetch/gitlab.ts';
import { ownerStateOf, readListName } from '../core/sidekiq/fetch/index.ts';
import type { Fleet, ListName } from '../core/sidekiq/fetch/strategy.ts';
import { parseJson } from '../core/sidekiq/job.ts';
import { isObject, textOf } from '../core/sidekiq/job-class.ts';
import type { SidekiqKeys } from '../core/sidekiq/keys.ts';
import type { BareProcess } from '../core/sidekiq/process.ts';
import type { PrivateList } from '../core/sidekiq/snapshot.ts';
import { answer, type Faults, numberIn } from './answers.ts';
import { ask, type Command, type Reply } from './ask.ts';
import type { Connection } from './connect.ts';
import type { KeyspaceSearch } from './keyspace-search.ts';
import type { Names } from './read-names.ts';

/** Lists of other programs share this Redis; so many are looked into at each snapshot to see whether they hold jobs. */
const MAX_SAMPLED = 2000;
/** A sample beyond this tells no queue. */
const MAX_SAMPLE_BYTES = 64 * 1024;

export type PrivateLists = {
  readonly lists: readonly PrivateList[];
  /** Ordinary queues that fell out of `queues`. */
  readonly unregisteredQueues: readonly string[];
  readonly fleet: Fleet;
};

/** Looks at every list that the search or a register knows, and says whose it is. */
export class PrivateListReader {
  readonly #connection: Connection;
  readonly #keys: SidekiqKeys;
  readonly #search: KeyspaceSearch;
  /** Lists of other programs, so that they are looked into once. */
  readonly #strangers = new Set<string>();

  constructor(connection: Connection, keys: SidekiqKeys, search: KeyspaceSearch) {
    this.#connection = connection;
    this.#keys = keys;
    this.#search = search;
  }

  async read(names: Names, processes: readonly BareProcess[], faults: Faults): Promise<PrivateLists> {
    await this.#readRegisters(names, faults);
    const sizes = await this.#readSizes(new Set(names.queues), faults);
    const { lists, unregisteredQueues, ends } = await this.#nameLists(sizes, new Set(names.queues), faults);
    const fleet = await this.#readFleet(names, processes, lists);
    return {
      lists: lists.map(({ nonce: _, ...list }) => ({
        ...list,
        key: `${this.#keys.prefix}${list.key}`,
        ownerState: ownerStateOf(list, fleet),
        size: sizes.get(list.key) ?? 0,
        ...(ends.has(list.key) ? { mark: `${sizes.get(list.key)} ${ends.get(list.key)}` } : {}),
      })),
      unregisteredQueues,
      fleet,
    };
  }

  /** super_fetch registers its lists; whether the keys in it carry the namespace is not known, so both are taken. */
  async #readRegisters({ superProcesses }: Names, faults: Faults): Promise<void> {
    const registers = [...superProcesses].map((identity) => this.#keys.superQueues(identity));
    const replies = await ask(
      this.#connection,
      registers.map((key): Command => ['SMEMBERS', key]),
    );
    replies.forEach((reply, index) => {
      const value = answer(reply, registers[index] ?? '', faults, 'set');
      for (const item of Array.isArray(value) ? value : []) {
        const key = String(item);
        this.#search.lists.add(this.#keys.withoutPrefix(key) ?? key);
      }
    });
  }

  /** Sizes of all known lists that are no registered queues; those that ended are forgotten. */
  async #readSizes(queueNames: ReadonlySet<string>, faults: Faults): Promise<Map<string, number>> {
    const candidates = [...this.#search.lists].filter(
      (name) => mayHoldJobs(name, queueNames) && !this.#strangers.has(name),
    );
    const replies = await ask(
      this.#connection,
      candidates.map((name): Command => ['LLEN', `${this.#keys.prefix}${name}`]),
    );
    const sizes = new Map<string, number>();
    candidates.forEach((name, index) => {
      const reply = replies[index];
      if (isRefused(reply, `${this.#keys.prefix}${name}`, faults)) return;
      // Another type holds no jobs: `queue:…` may be a set of some gem (reference: 7.2).
      const size = reply?.ok === true ? (numberIn(reply.value) ?? 0) : 0;
      if (size > 0) sizes.set(name, size);
      else this.#search.lists.delete(name);
    });
    return sizes;
  }

  async #nameLists(
    sizes: ReadonlyMap<string, number>,
    queueNames: ReadonlySet<string>,
    faults: Faults,
  ): Promise<{ lists: ListName[]; unregisteredQueues: string[]; ends: ReadonlyMap<string, string> }> {
    const lists: ListName[] = [];
    const ends = new Map<string, string>();
    const unregisteredQueues: string[] = [];
    const unsure: string[] = [];
    for (const key of sizes.keys()) {
      const name = readListName({ key, payloadQueues: [], queueNames });
      if (name.queue?.knownBy === 'key') lists.push(name);
      else unsure.push(key);
    }
    const samples = await this.#sample(unsure.slice(0, MAX_SAMPLED), faults);
    for (const [key, { holdsJobs, payloadQueues, endsMark }] of samples) {
      ends.set(key, endsMark);
      const isNamedQueue = key.startsWith('queue:');
      if (payloadQueues.length === 1 && key === `queue:${payloadQueues[0]}`) {
        unregisteredQueues.push(key.slice('queue:'.length));
      } else if (holdsJobs || isNamedQueue) {
        lists.push(readListName({ key, payloadQueues, queueNames }));
      } else {
        this.#strangers.add(key);
      }
    }
    return { lists, unregisteredQueues, ends };
  }

  /** Both ends of each list: enough to tell jobs from other things, and to see jobs that disagree. */
  async #sample(names: readonly string[], faults: Faults): Promise<Map<string, Sample>> {
    const replies = await ask(
      this.#connection,
      names.flatMap((name): Command[] => [
        ['LINDEX', `${this.#keys.prefix}${name}`, 0],
        ['LINDEX', `${this.#keys.prefix}${name}`, -1],
      ]),
    );
    return new Map(
      names.flatMap((name, index) => {
        const ends = replies.slice(2 * index, 2 * index + 2);
        if (ends.some((reply) => isRefused(reply, `${this.#keys.prefix}${name}`, faults))) return [];
        return [[name, sampleOf(ends.map((reply) => (reply.ok ? reply.value : undefined)))]];
      }),
    );
  }

  async #readFleet(
    names: Names,
    processes: readonly BareProcess[],
    lists: readonly ListName[],
  ): Promise<Fleet> {
    const named = new Map(processes.map((process) => [process.identity, process.state]));
    const strangers = new Set(
      lists.flatMap(({ owner, scheme }) =>
        owner === undefined || named.has(owner) || scheme === 'gitlab' || scheme === 'reliable_fetch'
          ? []
          : [owner],
      ),
    );
    const heartbeats = new Set(this.#search.heartbeats);
    for (const { owner, nonce } of lists) {
      if (owner === undefined || nonce === undefined) continue;
      heartbeats.add(this.#keys.gitlabHeartbeat(owner, nonce).slice(this.#keys.prefix.length));
    }
    const asked = [...strangers, ...heartbeats];
    const replies = await ask(
      this.#connection,
      asked.map((name): Command => ['EXISTS', `${this.#keys.prefix}${name}`]),
    );
    const existing = new Set(asked.filter((_, index) => isOne(replies[index])));
    for (const name of heartbeats) {
      if (!existing.has(name)) this.#search.heartbeats.delete(name);
    }
    return {
      processes,
      beatingIdentities: new Set([
        ...processes.filter(({ state }) => state !== 'dead').map(({ identity }) => identity),
        ...[...strangers].filter((identity) => existing.has(identity)),
      ]),
      superProcesses: names.superProcesses,
      gitlabBeating: new Set(
        [...heartbeats]
          .filter((name) => existing.has(name))
          .flatMap((name) => gitlabOwnerOfHeartbeat(name) ?? []),
      ),
      lists,
      nowMs: names.nowMs,
    };
  }
}

/** Leaves out registered queues and the lists of Sidekiq and sidekiq-unique-jobs that hold no jobs. */
function mayHoldJobs(name: string, queueNames: ReadonlySet<string>): boolean {
  if (name.startsWith('queue:') && queueNames.has(name.slice('queue:'.length))) return false;
  return !name.endsWith('-signals') && !name.startsWith('uniquejobs:');
}

type Sample = {
  readonly holdsJobs: boolean;
  readonly payloadQueues: readonly string[];
  readonly endsMark: string;
};

function sampleOf(ends: readonly unknown[]): Sample {
  const jobs = ends
    .map((raw) => (Buffer.isBuffer(raw) && raw.length <= MAX_SAMPLE_BYTES ? parseJson(raw) : undefined))
    .filter(isObject)
    .filter((job) => textOf(job, 'class') !== undefined && Array.isArray(job['args']));
  const queues = jobs.map((job) => textOf(job, 'queue')).filter((queue) => queue !== undefined);
  return { holdsJobs: jobs.length > 0, payloadQueues: [...new Set(queues)], endsMark: markOf(ends) };
}

/** Then nothing is known of the list, not even that it holds no jobs. */
function isRefused(reply: Reply | undefined, key: string, faults: Faults): boolean {
  if (reply?.ok !== false || reply.refusal === 'WRONGTYPE') return false;
  answer(reply, key, faults, 'list');
  return true;
}

function isOne(reply: { readonly ok: boolean; readonly value?: unknown } | undefined): boolean {
  return reply?.ok === true && reply.value === 1;
}

/** What jobs say stays out of it. */
function markOf(ends: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const end of ends) hash.update(Buffer.isBuffer(end) ? end : '').update('\0');
  return hash.digest('hex').slice(0, 16);
}
