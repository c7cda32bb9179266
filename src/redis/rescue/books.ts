import type { RescueOrder, RescueSteps } from '../../ports/acting.ts';
import type {
  ArchivePlace,
  ArchiveReader,
  PendingChunk,
  RescuedPart,
  RescueReader,
} from '../../ports/archive.ts';

export type NewChunk = { readonly place: ArchivePlace; readonly payloads: readonly Buffer[] };

type Numbers = { readonly chunks: readonly number[]; readonly parts: readonly number[] };

/**
 * What is on record while jobs are moved and archived. A chunk is committed as pending before its jobs leave, and settled
 * together with the next commit.
 */
export class Books {
  readonly #archive: ArchiveReader & RescueReader;
  readonly #order: Pick<RescueOrder, 'actionId' | 'cap'>;
  readonly #steps: RescueSteps;
  readonly #unsettled = new Map<number, readonly boolean[]>();
  readonly #unmoved = new Set<number>();
  #number = 0;
  #part = 0;
  moved = 0;
  archived = 0;
  note = '';
  isStopping = false;

  constructor(
    archive: ArchiveReader & RescueReader,
    order: Pick<RescueOrder, 'actionId' | 'cap'>,
    steps: RescueSteps,
  ) {
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
  async reconcile(
    leftOf: (chunks: readonly PendingChunk[]) => Promise<readonly (readonly boolean[])[]>,
  ): Promise<void> {
    this.#number = await this.#archive.lastChunk(this.#order.actionId);
    this.#part = await this.#archive.lastRescued(this.#order.actionId);
    const pending = await this.pending();
    const left = await leftOf(pending);
    for (const [index, { number }] of pending.entries()) this.settle(number, left[index] ?? []);
    if (pending.length > 0) await this.commit([]);
    else await this.ask();
  }

  /** The chunks of which nobody has said yet whether their jobs left. */
  pending(): Promise<readonly PendingChunk[]> {
    return this.#archive.pendingChunks(this.#order.actionId);
  }

  /** Puts where it is on record, though nothing has happened. */
  async tell(note: string): Promise<void> {
    this.note = note;
    await this.write();
  }

  /** Makes chunks pending before their jobs leave, and gives their numbers; `parts` are about to be moved. */
  async commit(chunks: readonly NewChunk[], parts: readonly RescuedPart[] = []): Promise<Numbers> {
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
    const firstPart = this.#part + 1;
    const { moved, archived, note } = this;
    const answer = await this.#steps.commit({ moved, archived, note }, async (tx) => {
      for (const [number, left] of this.#unsettled) await tx.settleChunk(actionId, number, left);
      for (const [index, chunk] of packed.entries()) await tx.addChunk(actionId, first + index, chunk);
      for (const number of this.#unmoved) await tx.dropRescued(actionId, number);
      for (const [index, part] of parts.entries()) await tx.addRescued(actionId, firstPart + index, part);
    });
    this.#unsettled.clear();
    this.#unmoved.clear();
    this.#number += packed.length;
    this.#part += parts.length;
    if (answer === 'stop') this.isStopping = true;
    return {
      chunks: packed.map((_, index) => first + index),
      parts: parts.map((_, index) => firstPart + index),
    };
  }

  /** Which of a chunk's jobs left, in order; none when the call did nothing. */
  settle(chunk: number, left: readonly boolean[]): void {
    this.#unsettled.set(chunk, left);
  }

  /** These were about to be moved, and were not. */
  takeOffRecord(part: number): void {
    this.#unmoved.add(part);
  }

  /** Hears whether to go on; without a record, for nothing happened. */
  async ask(ms = 0): Promise<void> {
    if ((await this.#steps.pause(ms)) === 'stop') this.isStopping = true;
  }

  /** Writes what is not written yet. */
  async write(): Promise<void> {
    await this.commit([]);
  }
}
