import type { ArchivePlace, ArchiveReader, ArchiveWriter, RescueOrder, RescueSteps } from '../../ports.ts';

export type NewChunk = { readonly place: ArchivePlace; readonly payloads: readonly Buffer[] };

/**
 * What is on record while jobs are moved and archived. A chunk is committed as pending before its jobs leave, and settled
 * together with the next commit; all of a chunk leave in one call or none.
 */
export class Books {
  readonly #archive: ArchiveReader;
  readonly #order: RescueOrder;
  readonly #steps: RescueSteps;
  readonly #unsettled = new Map<number, readonly boolean[]>();
  #number = 0;
  moved = 0;
  archived = 0;
  note = '';
  isStopping = false;

  constructor(archive: ArchiveReader, order: RescueOrder, steps: RescueSteps) {
    this.#archive = archive;
    this.#order = order;
    this.#steps = steps;
  }

  /** How many more jobs may be moved or archived. */
  get room(): number {
    return this.#order.cap - this.moved - this.archived;
  }

  /**
   * Settles what an earlier run has left pending. Where Redis has lost its note, a pending job counts as gone, for the
   * archive may be the only place where it is.
   */
  async reconcile(hasLeft: (chunks: readonly number[]) => Promise<readonly boolean[]>): Promise<void> {
    this.#number = await this.#archive.lastChunk(this.#order.actionId);
    const pending = await this.#archive.pendingChunks(this.#order.actionId);
    const left = await hasLeft(pending.map(({ number }) => number));
    pending.forEach(({ number, jobCount }, index) => {
      this.settle(number, left[index] === true, jobCount);
    });
    if (pending.length > 0) await this.commit([]);
    else await this.ask();
  }

  /** Makes chunks pending before their jobs leave, and gives their numbers. */
  async commit(chunks: readonly NewChunk[]): Promise<readonly number[]> {
    const { actionId } = this.#order;
    const packed = await Promise.all(
      chunks.map(({ place, payloads }) =>
        this.#archive.packChunk(
          place,
          payloads.map((payload) => ({ payload, score: undefined })),
        ),
      ),
    );
    const first = this.#number + 1;
    const { moved, archived, note } = this;
    const answer = await this.#steps.commit({ moved, archived, note }, async (tx: ArchiveWriter) => {
      for (const [number, left] of this.#unsettled) await tx.settleChunk(actionId, number, left);
      for (const [index, chunk] of packed.entries()) await tx.addChunk(actionId, first + index, chunk);
    });
    this.#unsettled.clear();
    this.#number += packed.length;
    if (answer === 'stop') this.isStopping = true;
    return packed.map((_, index) => first + index);
  }

  settle(chunk: number, hasLeft: boolean, jobCount: number): void {
    this.#unsettled.set(chunk, hasLeft ? new Array<boolean>(jobCount).fill(true) : []);
  }

  /** Hears whether to go on; without a record, for nothing happened. */
  async ask(ms = 0): Promise<void> {
    if ((await this.#steps.pause(ms)) === 'stop') this.isStopping = true;
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    await this.commit([]);
  }
}
