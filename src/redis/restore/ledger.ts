import type { RestoreOrder, RestoreSteps } from '../../ports/acting.ts';
import type { ArchiveReader, ArchiveWriter, JobRange, OwedJobs } from '../../ports/archive.ts';
import { OutOfStep } from '../scripts.ts';

/** How far Redis says that earlier turns came: the claim that went last, how many of its jobs, and how many in all (-1: not counted). */
type Noted = { readonly claim: string; readonly done: number; readonly back: number };

/** What Redis answers when it has no note. */
const LOST = '?';

/** A claim by name, as the note in Redis has it. */
export function claimOf({ chunk, first }: JobRange): string {
  return `${chunk}:${first}`;
}

/**
 * What the archive says while jobs go back. They are claimed before the first of them is pushed, and settled together with
 * the next claim; what a kill leaves claimed is settled by Redis's own note at the next turn.
 */
export class Ledger {
  readonly #archive: ArchiveReader;
  readonly #order: RestoreOrder;
  readonly #steps: RestoreSteps;
  /** The jobs on their way back, and how many of them are there. */
  #claim: JobRange | undefined;
  #done = 0;
  #restored = 0;
  uncertain = 0;
  note = '';
  /** Somebody wants it to stop: no more is claimed. */
  isStopping = false;

  constructor(archive: ArchiveReader, order: RestoreOrder, steps: RestoreSteps) {
    this.#archive = archive;
    this.#order = order;
    this.#steps = steps;
  }

  get restored(): number {
    return this.#restored + this.#done;
  }

  /** How many more jobs the order asks for. */
  get left(): number {
    return this.#order.count - this.restored - this.uncertain;
  }

  /** The jobs that an earlier turn had claimed and not all put back. */
  get unfinished(): { readonly claim: JobRange; readonly done: number } | undefined {
    return this.#claim === undefined ? undefined : { claim: this.#claim, done: this.#done };
  }

  /**
   * Takes up what an earlier turn left. Where Redis has lost its note, nobody can know whether the claimed jobs are back:
   * none of them is pushed again, for a job that runs twice may pay somebody twice.
   *
   * Gives how many jobs are settled as restored of which Redis knows nothing: it came back as it was before, or has lost its
   * note. They may be gone, or have run long ago; so these are not pushed again either.
   */
  async takeUp(noted: Noted): Promise<number> {
    const claim = await this.recall();
    if (claim !== undefined && noted.claim === LOST) {
      this.uncertain += claim.jobs;
      await this.#commit((tx) => tx.settleClaim(claim, claim.jobs, 'uncertain'));
    } else {
      this.#claim = claim;
      this.#done = claim !== undefined && noted.claim === claimOf(claim) ? noted.done : 0;
      await this.#ask();
    }
    return noted.back < 0 ? 0 : Math.max(0, this.restored - noted.back);
  }

  /** Reads what is on record, and gives the claim of which nobody has said yet how far it came. */
  async recall(): Promise<JobRange | undefined> {
    const ended = await this.#archive.endedBy(this.#order.actionId);
    const sum = (end: string) =>
      ended.filter((one) => one.end === end).reduce((total, { jobs }) => total + jobs, 0);
    this.#restored = sum('restored');
    this.uncertain = sum('uncertain');
    return ended.find(({ end }) => end === 'claimed');
  }

  /** Puts where it is on record, though nothing has happened. */
  async tell(note: string): Promise<void> {
    this.note = note;
    await this.#commit(async () => {});
  }

  /** Claims jobs that are owed. @throws {OutOfStep} when others were faster */
  async claim({ actionId, chunk, first, jobs }: OwedJobs): Promise<JobRange> {
    const claim = { actionId, chunk, first, jobs: Math.min(jobs, this.left) };
    await this.#commit(async (tx) => {
      await this.#settle(tx);
      if (!(await tx.claimJobs(claim, this.#order.actionId)))
        throw new OutOfStep('others put these jobs back');
    });
    this.#restored += this.#done;
    this.#done = 0;
    this.#claim = claim;
    return claim;
  }

  /** So many more jobs of the claim are back. */
  advance(jobs: number): void {
    this.#done += jobs;
  }

  /** Writes what is not written yet; what was claimed and is not back is owed again. */
  async write(): Promise<void> {
    if (this.#claim === undefined) return;
    await this.#commit((tx) => this.#settle(tx));
    this.#restored += this.#done;
    this.#done = 0;
    this.#claim = undefined;
  }

  async pause(ms: number): Promise<void> {
    if ((await this.#steps.pause(ms)) === 'stop') this.isStopping = true;
  }

  #ask(): Promise<void> {
    return this.pause(0);
  }

  async #settle(tx: ArchiveWriter): Promise<void> {
    if (this.#claim !== undefined) await tx.settleClaim(this.#claim, this.#done, 'restored');
  }

  async #commit(write: (tx: ArchiveWriter) => Promise<void>): Promise<void> {
    const { restored, uncertain, note } = this;
    if ((await this.#steps.commit({ restored, uncertain, note }, write)) === 'stop') this.isStopping = true;
  }
}
