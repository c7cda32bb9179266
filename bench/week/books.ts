import { crc32 } from 'node:zlib';

/** What the fleet's books say of one job. Jobs are told apart by their jid: workers rewrite what they retry. */
type Entry = {
  readonly jobClass: string;
  readonly pushedAtMs: number;
  /** When a worker said last that it begins it; 0 where none has said so. */
  begunAtMs: number;
  /** Of the bytes that a client or a worker wrote last. */
  checksum: number;
  done: number;
  /** Ran to its end though it had left its worker's private list meanwhile: a purge can't stop what runs. */
  ranOn: number;
  /** Its worker was killed, or lost its Redis, while it ran: it may run again, as every fetcher says. */
  mayRunAgain: boolean;
};

const NEW = { begunAtMs: 0, done: 0, ranOn: 0, mayRunAgain: false };

/** Every job that was ever pushed into one Redis, and how often a worker finished it. */
export class Books {
  readonly jobs = new Map<string, Entry>();
  /** Signals that processes took, by identity. */
  readonly signals = new Map<string, number>();
  done = 0;
  /** Finished before we had heard that they were pushed: a worker may be faster than Redis's answer to the push. */
  readonly #early = new Map<string, number>();

  /** A client or a worker has put it somewhere in Redis. */
  written(text: string): void {
    const job = readJob(text);
    if (job === undefined) return;
    const known = this.jobs.get(job.jid);
    if (known !== undefined) known.checksum = crc32(text);
    else {
      const entry = {
        ...job,
        ...NEW,
        checksum: crc32(text),
        pushedAtMs: Date.now(),
        done: this.#early.get(job.jid) ?? 0,
      };
      this.jobs.set(job.jid, entry);
    }
  }

  begun(jid: string): void {
    const entry = this.jobs.get(jid);
    if (entry !== undefined) entry.begunAtMs = Date.now();
  }

  finished(jid: string): void {
    const entry = this.jobs.get(jid);
    this.done += 1;
    if (entry === undefined) this.#early.set(jid, (this.#early.get(jid) ?? 0) + 1);
    else entry.done += 1;
  }

  ranOn(jid: string): void {
    const entry = this.jobs.get(jid);
    if (entry !== undefined) entry.ranOn += 1;
  }

  mayRunAgain(jid: string): void {
    const entry = this.jobs.get(jid);
    if (entry !== undefined) entry.mayRunAgain = true;
  }

  signalled(identity: string): void {
    this.signals.set(identity, (this.signals.get(identity) ?? 0) + 1);
  }
}

/** Where jobs were found when all had come to rest, by jid. */
export type Found = {
  /** In any list or sorted set, with the checksum of each copy. */
  readonly inRedis: ReadonlyMap<string, readonly number[]>;
  /** Owed or written off: the archive has them and Redis must not. */
  readonly archived: ReadonlyMap<string, number>;
  /** A restore that lost Redis's note left them to people: they may be back or not. */
  readonly uncertain: ReadonlySet<string>;
  /** Were in an archive at any time. */
  readonly everArchived: ReadonlySet<string>;
};

export type Account = {
  readonly pushed: number;
  readonly done: number;
  readonly inRedis: number;
  readonly archived: number;
  readonly uncertain: number;
  /** Taken by a purge while they ran, which it says and can't help. */
  readonly ranOn: number;
  /** Run again because their worker was killed. */
  readonly runAgain: number;
  /** Each a jid with what was found of it: there must be none. */
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Left the private list of a living worker, and no archive has them. */
  readonly stolen: readonly string[];
  /** Not the bytes that were written last. */
  readonly changed: readonly string[];
};

/**
 * Whether each job is in exactly one place. `delivers` is what the workers promise: those of the simulated fleet are watched
 * so closely that each job must be accounted for exactly once; of real ones a killed worker's job runs again.
 */
export function settle(books: Books, found: Found, delivers: 'exactly once' | 'at least once'): Account {
  const lost: string[] = [];
  const doubled: string[] = [];
  const stolen: string[] = [];
  const changed: string[] = [];
  const sums = { done: 0, inRedis: 0, archived: 0, uncertain: 0, ranOn: 0, runAgain: 0 };
  for (const [jid, entry] of books.jobs) {
    const copies = found.inRedis.get(jid) ?? [];
    const archived = found.archived.get(jid) ?? 0;
    const isUncertain = found.uncertain.has(jid);
    const held = copies.length + archived;
    const lives = entry.done + held;
    const said = describe(jid, entry, copies.length, archived);
    sums.done += Math.min(1, entry.done);
    sums.inRedis += copies.length;
    sums.archived += archived;
    if (isUncertain) sums.uncertain += 1;
    if (entry.ranOn > 0) sums.ranOn += 1;
    // What ran on was to be both done and in an archive.
    if (lives < 1 + entry.ranOn && !isUncertain) lost.push(said);
    const isAgain = delivers === 'at least once' && (entry.mayRunAgain || found.everArchived.has(jid));
    if (isAgain && lives > 1) sums.runAgain += 1;
    if (held > 1 + entry.ranOn || (lives > 1 + entry.ranOn && !isAgain)) doubled.push(said);
    if (entry.ranOn > 0 && !found.everArchived.has(jid)) stolen.push(said);
    if (delivers === 'exactly once' && copies.some((checksum) => checksum !== entry.checksum))
      changed.push(said);
  }
  for (const jid of found.inRedis.keys()) if (!books.jobs.has(jid)) doubled.push(`${jid}: nobody pushed it`);
  return { pushed: books.jobs.size, ...sums, lost, doubled, stolen, changed };
}

/** What the books need of a payload; undefined for what is no job. */
export function readJob(text: string): { readonly jid: string; readonly jobClass: string } | undefined {
  const jid = /"jid":"([^"]+)"/.exec(text)?.[1];
  const jobClass = /"wrapped":"([^"]+)"/.exec(text)?.[1] ?? /"class":"([^"]+)"/.exec(text)?.[1];
  return jid === undefined ? undefined : { jid, jobClass: jobClass ?? '' };
}

function describe(jid: string, entry: Entry, copies: number, archived: number): string {
  const clock = (ms: number) => (ms === 0 ? 'never' : new Date(ms).toISOString().slice(11, 23));
  const { jobClass, pushedAtMs, begunAtMs, done, ranOn } = entry;
  return [
    `${jid} ${jobClass}: pushed ${clock(pushedAtMs)}, begun ${clock(begunAtMs)}`,
    `done ${done}, ran on ${ranOn}, in Redis ${copies}, archived ${archived}`,
  ].join(', ');
}
