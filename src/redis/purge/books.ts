import type { PagePart } from '../../core/sidekiq/page.ts';
import type { PurgeOrder, PurgeSteps } from '../../ports/acting.ts';
import type {
  ArchivePlace,
  ArchiveReader,
  ArchiveWriter,
  JobBytes,
  PackedChunk,
  PendingChunk,
} from '../../ports/archive.ts';

/** Without anything to write, so often is asked whether to go on. */
const ASK_EVERY_MS = 500;

/** What Redis has noted: the last chunk of which jobs left (-1 without a note) and, job by job, whether they did. */
type Noted = { readonly chunk: number; readonly left: readonly boolean[] };

/**
 * What the archive says while jobs leave Redis. A chunk is committed as pending before its jobs are touched, and settled
 * together with the next commit; what a kill leaves pending is settled by Redis's own note at the next turn.
 */
export class Books {
  readonly #archive: ArchiveReader;
  readonly #order: PurgeOrder;
  readonly #steps: PurgeSteps;
  #number = 0;
  #openCount = 0;
  /** Were chosen, and are not settled yet. */
  #promised = 0;
  #settled: readonly boolean[] | undefined;
  #askedAtMs = 0;
  archived = 0;
  taken = 0;
  /** Where it is. */
  note = '';
  /** How Redis was when it was last looked at. */
  feels = '';
  /** Somebody wants it to stop: what was begun is ended, and no more. */
  isStopping = false;

  constructor(archive: ArchiveReader, order: PurgeOrder, steps: PurgeSteps) {
    this.#archive = archive;
    this.#order = order;
    this.#steps = steps;
  }

  /**
   * Settles what was pending by what Redis has noted: the last chunk of which jobs left and, job by job, whether they did.
   * Where Redis has lost its note, every pending job counts as gone, for the archive may be the only place where it is:
   * `unsure` is how many of these there are. `again`: see `#againIn`.
   */
  async reconcile(noted: Noted): Promise<{ readonly unsure: number; readonly again: number }> {
    const { actionId } = this.#order;
    const pending = await this.recall();
    this.#number = await this.#archive.lastChunk(actionId);
    const again = await this.#againIn(noted);
    const ends = pending.map(({ number, jobCount }) => {
      if (noted.chunk < 0) return { number, left: new Array<boolean>(jobCount).fill(true) };
      return { number, left: number === noted.chunk ? noted.left : [] };
    });
    for (const { left } of ends) this.#count(left);
    if (ends.length === 0) {
      await this.#ask();
      return { unsure: 0, again };
    }
    await this.#commit(async (tx) => {
      for (const { number, left } of ends) await tx.settleChunk(actionId, number, left);
    });
    const unsure = noted.chunk < 0 ? pending.reduce((sum, { jobCount }) => sum + jobCount, 0) : 0;
    return { unsure, again };
  }

  /**
   * How many jobs may be in Redis again though they are settled as gone: its note knows less than the archive, because it
   * came back as it was before (a failover, a file that is a second old), or somebody threw the note away.
   */
  async #againIn({ chunk, left }: Noted): Promise<number> {
    const goneAfter = async (number: number) => {
      const totals = await this.#archive.archiveTotals(this.#order.actionId, number);
      return totals.reduce((sum, { archived }) => sum + archived, 0);
    };
    const later = await goneAfter(Math.max(0, chunk));
    if (left.length === 0) return later;
    const ofChunk = (await goneAfter(chunk - 1)) - later;
    return later + Math.max(0, ofChunk - left.filter(Boolean).length);
  }

  /** The number of the newest chunk, whatever became of it. */
  get lastNumber(): number {
    return this.#number;
  }

  /** Reads what is on record, and gives the chunks of which nobody has said yet whether their jobs left. */
  async recall(): Promise<readonly PendingChunk[]> {
    const { actionId } = this.#order;
    for (const { archived, taken } of await this.#archive.archiveTotals(actionId)) {
      this.archived += archived;
      this.taken += taken;
    }
    return this.#archive.pendingChunks(actionId);
  }

  /** Puts where it is on record, though nothing has happened. */
  async tell(note: string): Promise<void> {
    this.note = note;
    await this.#commit(async () => {});
  }

  /** One more job is to leave; false when no more may. */
  promise(): boolean {
    if (this.archived + this.#promised >= this.#order.cap) return false;
    this.#promised += 1;
    return true;
  }

  /** Makes the chunk of jobs that are to leave: what takes time of it, while others still work. */
  pack(place: ArchivePlace, jobs: readonly JobBytes[]): Promise<PackedChunk> {
    return this.#archive.packChunk(place, jobs);
  }

  /** The same for jobs that stand in pages. */
  packParts(place: ArchivePlace, parts: readonly PagePart[]): Promise<PackedChunk> {
    return this.#archive.packParts(place, parts);
  }

  /** Archives jobs that are to leave now, and gives the number of their chunk. */
  async open(chunk: PackedChunk): Promise<number> {
    if (this.#openCount > 0 && this.#settled === undefined) throw new Error('the last chunk is still open');
    const number = this.#number + 1;
    await this.#commit(async (tx) => {
      await this.#settle(tx);
      await tx.addChunk(this.#order.actionId, number, chunk);
    });
    this.#number = number;
    this.#openCount = chunk.jobCount;
    this.#settled = undefined;
    return number;
  }

  /** What became of the jobs of the open chunk; written with the next commit. */
  settle(left: readonly boolean[]): void {
    if (left.length !== this.#openCount) throw new Error('not every job of the chunk has an end');
    this.#settled = left;
    this.#promised -= left.length;
    this.#count(left);
  }

  /** Writes what is not written yet, and hears whether to go on. */
  async write(): Promise<void> {
    if (this.#settled === undefined) return this.#ask();
    await this.#commit((tx) => this.#settle(tx));
    this.#openCount = 0;
    this.#settled = undefined;
  }

  /** The same, where nothing needs to be written, not too often. */
  async askNowAndThen(): Promise<void> {
    if (performance.now() - this.#askedAtMs > ASK_EVERY_MS) await this.write();
  }

  /** Without a record, for nothing happened. */
  async #ask(): Promise<void> {
    if ((await this.#steps.pause(0)) === 'stop') this.isStopping = true;
    this.#askedAtMs = performance.now();
  }

  async #settle(tx: ArchiveWriter): Promise<void> {
    if (this.#settled === undefined || this.#openCount === 0) return;
    await tx.settleChunk(this.#order.actionId, this.#number, this.#settled);
  }

  async #commit(write: (tx: ArchiveWriter) => Promise<void>): Promise<void> {
    const { archived, taken } = this;
    const note = [this.note, this.feels].filter((words) => words !== '').join('; ');
    if ((await this.#steps.commit({ archived, taken, note }, write)) === 'stop') this.isStopping = true;
    this.#askedAtMs = performance.now();
  }

  #count(left: readonly boolean[]): void {
    const archived = left.reduce((sum, hasLeft) => sum + (hasLeft ? 1 : 0), 0);
    this.archived += archived;
    this.taken += left.length - archived;
  }
}
