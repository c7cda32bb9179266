import { createSelector } from '../../core/actions/purge-selector.ts';
import { counted } from '../../core/amounts.ts';
import type { SidekiqKeys } from '../../core/sidekiq/keys.ts';
import type { Page } from '../../core/sidekiq/page.ts';
import type { JobPlace } from '../../core/sidekiq/tally.ts';
import type { PurgeOrder, PurgeSteps } from '../../ports/acting.ts';
import type { ArchiveReader } from '../../ports/archive.ts';
import { numberIn, readLeft } from '../answers.ts';
import type { Connection } from '../connect.ts';
import type { Pace } from '../pace.ts';
import { NOTE_LIFE_S } from '../scripts.ts';
import { Books } from './books.ts';
import { purgeScripts } from './scripts.ts';

/** One turn of a purge: what all its parts work with. */
export class Deed {
  readonly connection: Connection;
  readonly keys: SidekiqKeys;
  readonly scripts: ReturnType<typeof purgeScripts>;
  readonly books: Books;
  readonly leftAlone = new Set<string>();
  /** Where the last pass could not look, each a sentence: there may be more. */
  readonly gaps = new Set<string>();
  /** What Redis has lost, in this turn or one before, each a sentence. */
  readonly losses: Set<string>;
  readonly #order: PurgeOrder;
  readonly #steps: PurgeSteps;
  readonly #pace: Pace;
  /** Which jobs of a page are meant, whether or not they may leave. */
  readonly judge: ReturnType<typeof createSelector>;
  #turn = 0;
  /** More jobs are meant than may leave. */
  isOverCap = false;
  stopBecause: string | undefined;

  constructor(
    connection: Connection,
    keys: SidekiqKeys,
    archive: ArchiveReader,
    order: PurgeOrder,
    steps: PurgeSteps,
    pace: Pace,
    losses: Set<string>,
  ) {
    this.connection = connection;
    this.keys = keys;
    this.scripts = purgeScripts(connection);
    this.books = new Books(archive, order, steps);
    this.#order = order;
    this.#steps = steps;
    this.#pace = pace;
    this.losses = losses;
    this.judge = createSelector(order.selection);
  }

  /** Ends all earlier turns and settles what they left open. False when a younger lease has been here. */
  async begin(): Promise<boolean> {
    await this.scripts.load();
    const [answer] = await this.scripts.run([
      ['begin-2', ...this.#noteKeys(), NOTE_LIFE_S, this.#order.fence],
    ]);
    const [turn, chunk, left] = Array.isArray(answer) ? answer : [];
    this.#turn = numberIn(turn) ?? 0;
    if (this.#turn === 0) return false;
    const { unsure, again } = await this.books.reconcile({
      chunk: numberIn(chunk) ?? -1,
      left: readLeft(left),
    });
    if (unsure > 0) {
      this.losses.add(
        `Redis had lost its note of the last step: ${counted(unsure, 'job')} of it count as archived, and some of them may still be in Redis, so restoring them may run some twice.`,
      );
    }
    if (again > 0) {
      this.losses.add(
        `Redis is older than it was, or has lost its note: ${counted(again, 'job')} that had left may be in it again. They count as archived, so some may be archived twice, and restoring them may run them twice.`,
      );
    }
    // On record before Redis forgets it: whoever goes on with this purge could not see it any more.
    for (const loss of this.losses) await this.books.tell(loss);
    await this.scripts.run([['ready-2', ...this.head(), this.books.lastNumber]]);
    return true;
  }

  /** See `Turn`. */
  async recall(): Promise<boolean> {
    return (await this.books.recall()).length > 0;
  }

  /** See `Turn`. */
  async wait(ms: number, why?: string): Promise<void> {
    if (why !== undefined) await this.books.tell(why);
    await this.#steps.pause(ms);
  }

  /** The keys and arguments that each script begins with. */
  head(...keys: string[]): (string | number)[] {
    return [...this.#noteKeys(), ...keys, NOTE_LIFE_S, this.#turn];
  }

  /** The same for a script that changes nothing of the chunk's note but its life. */
  shortHead(...keys: string[]): (string | number)[] {
    const [note = ''] = this.#noteKeys();
    return [note, ...keys, NOTE_LIFE_S, this.#turn];
  }

  /** Which jobs of a page are to leave. They count against the cap from now on. */
  choose(page: Page, place: JobPlace): readonly boolean[] {
    if (this.isOver) return new Array<boolean>(page.length).fill(false);
    return this.judge(page, place).map((isMeant) => {
      if (!isMeant) return false;
      const mayLeave = this.books.promise();
      if (!mayLeave) this.isOverCap = true;
      return mayLeave;
    });
  }

  /** Nothing more may be chosen. */
  get isOver(): boolean {
    return this.books.isStopping || this.isOverCap;
  }

  /** Between two steps: gives Redis the rest that it needs, and hears whether to go on. `isDue` as in `Pace.look`. */
  async breathe(isDue = false): Promise<void> {
    const { feels, waitMs, stopBecause } = await this.#pace.look(isDue);
    this.books.feels = feels;
    if (stopBecause !== undefined && !this.books.isStopping) {
      this.stopBecause = stopBecause;
      this.books.isStopping = true;
    }
    await this.#pause(waitMs);
    await this.books.askNowAndThen();
  }

  /** Leaves Redis alone for as long as the budget for reading says, or that time is over; a stop is heard meanwhile. */
  async rest(mostMs: number): Promise<void> {
    if (!this.isOver) await this.#pause(Math.min(mostMs, this.connection.load.restMs));
  }

  async #pause(ms: number): Promise<void> {
    if (ms > 0 && (await this.#steps.pause(ms)) === 'stop') this.books.isStopping = true;
  }

  #noteKeys(): string[] {
    // Ours, so outside of redis-namespace.
    const note = `poison-control:purge:${this.#order.actionId}`;
    return [note, `${note}:left`];
  }
}
