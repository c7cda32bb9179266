import type { SidekiqKeys } from '../../core/sidekiq/keys.ts';
import type { RescueOrder, RescueSteps } from '../../ports/acting.ts';
import type { ArchiveReader, PendingChunk, RescueReader } from '../../ports/archive.ts';
import { numberIn, readLeft } from '../answers.ts';
import { ask } from '../ask.ts';
import type { Connection } from '../connect.ts';
import { Pace } from '../pace.ts';
import { NOTE_LIFE_S } from '../scripts.ts';
import { Books } from './books.ts';
import type { Judged } from './fate.ts';
import { runsOf } from './fate.ts';
import type { DeadList } from './lists.ts';
import { answerOf, type Call, rescueScripts } from './scripts.ts';

type DeedOrder = Omit<RescueOrder, 'lists'>;

/** One turn of a rescue: what all its parts work with. */
export class Deed {
  readonly connection: Connection;
  readonly keys: SidekiqKeys;
  readonly scripts: ReturnType<typeof rescueScripts>;
  readonly books: Books;
  readonly order: DeedOrder;
  readonly leftAlone: string[] = [];
  readonly #pace: Pace;
  readonly #note: string;
  #turn = 0;
  #mover: 'LMOVE' | 'RPOPLPUSH' = 'RPOPLPUSH';
  kept = 0;
  /** More jobs are meant than may be moved. */
  isOverCap = false;
  stopBecause: string | undefined;

  constructor(
    connection: Connection,
    keys: SidekiqKeys,
    archive: ArchiveReader & RescueReader,
    order: DeedOrder,
    steps: RescueSteps,
  ) {
    this.connection = connection;
    this.keys = keys;
    this.order = order;
    this.scripts = rescueScripts(connection);
    this.books = new Books(archive, order, steps);
    this.#pace = new Pace(connection);
    // Ours, so outside of redis-namespace.
    this.#note = `poison-control:rescue:${order.actionId}`;
  }

  /** Ends all earlier turns and settles what they left open. False when a younger lease has been here. @throws {RefusedByRedis} */
  async begin(): Promise<boolean> {
    await this.scripts.load();
    this.#mover = await moverOf(this.connection);
    const keys = [this.#note, `${this.#note}:nothing`];
    const [reply] = await this.scripts.send([
      ['begin-2', ...keys, NOTE_LIFE_S, this.order.fence, this.#mover],
    ]);
    const answer = answerOf(reply);
    const [turn, moved, archived, hadNote] = Array.isArray(answer) ? answer.map(numberIn) : [];
    this.#turn = turn ?? 0;
    if (this.#turn === 0) return false;
    this.books.moved = moved ?? 0;
    this.books.archived = archived ?? 0;
    await this.books.reconcile((chunks) => this.#leftOf(chunks, hadNote === 1));
    return true;
  }

  /** See `Turn`. */
  async recall(): Promise<boolean> {
    return (await this.books.pending()).length > 0;
  }

  /** See `Turn`. */
  async wait(ms: number, why?: string): Promise<void> {
    if (why !== undefined) await this.books.tell(why);
    await this.books.ask(ms);
  }

  /** The call that moves these, the next ones behind `kept` at the old end of a list with that mark. */
  callFor(list: DeadList, mark: string, kept: number, jobs: readonly Judged[], chunk: number): Call {
    const { keys } = this;
    const { proof } = list;
    const head = [this.#note, list.list.key, keys.queue(list.queue), keys.queues];
    const args = [NOTE_LIFE_S, this.#turn, mark, list.queue, this.#mover, kept, chunk];
    if (proof.type === 'owner gone') {
      const all = [...head, ...proof.absent.map((name) => keys.process(name))];
      return ['move-when-owner-gone', all.length, ...all, ...args, ...runsOf(jobs)];
    }
    const { cleared, dead, living } = proof;
    const jids = jobs.flatMap(({ jid, fate }) => (jid === undefined || fate === 'keep' ? [] : [jid]));
    const all = [
      ...head,
      keys.processes,
      keys.superProcesses,
      ...dead.map((identity) => keys.process(identity)),
      ...living.flatMap((identity) => [keys.work(identity), keys.workers(identity)]),
    ];
    const sizes = [dead.length, cleared.length, jids.length];
    return [
      'move-when-host-clear',
      all.length,
      ...all,
      ...args,
      ...sizes,
      ...cleared,
      ...jids,
      ...runsOf(jobs),
    ];
  }

  get isOver(): boolean {
    return this.books.isStopping || this.isOverCap;
  }

  /** Between two steps: gives Redis the rest that it needs. */
  async breathe(): Promise<void> {
    const { waitMs, stopBecause } = await this.#pace.look();
    if (stopBecause !== undefined && !this.books.isStopping) {
      this.stopBecause = stopBecause;
      this.books.isStopping = true;
    }
    if (waitMs > 0) await this.books.ask(waitMs);
  }

  /** The call that takes these out of a queue again. */
  takeBackCall(queue: string, chunk: number, payloads: readonly Buffer[]): Call {
    return ['take-back-2', this.#note, this.keys.queue(queue), NOTE_LIFE_S, this.#turn, chunk, ...payloads];
  }

  /** What Redis has noted of chunks: all of one left in one call, or some of them where they were taken back one by one. */
  async #leftOf(chunks: readonly PendingChunk[], hadNote: boolean): Promise<readonly (readonly boolean[])[]> {
    const replies = await ask(
      this.connection,
      chunks.map(({ number }) => ['HMGET', this.#note, `chunk:${number}`, `left:${number}`]),
    );
    return chunks.map(({ jobCount }, index) => {
      const answer = answerOf(replies[index]);
      const [isMoved, left] = Array.isArray(answer) ? answer : [];
      if (Buffer.isBuffer(left)) return readLeft(left);
      return hadNote && isMoved === null ? [] : new Array<boolean>(jobCount).fill(true);
    });
  }
}

/** LMOVE came with Redis 6.2; where COMMAND may not be asked, the older one is known everywhere. */
async function moverOf(connection: Connection): Promise<'LMOVE' | 'RPOPLPUSH'> {
  const [reply] = await ask(connection, [['COMMAND', 'INFO', 'LMOVE']]);
  const isKnown = reply?.ok === true && Array.isArray(reply.value) && Array.isArray(reply.value[0]);
  return isKnown ? 'LMOVE' : 'RPOPLPUSH';
}
