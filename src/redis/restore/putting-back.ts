import { counted } from '../../core/amounts.ts';
import type { SidekiqKeys } from '../../core/sidekiq/keys.ts';
import type { RestoreOrder, RestoreSteps } from '../../ports/acting.ts';
import type { ArchiveReader, JobBytes, JobRange } from '../../ports/archive.ts';
import type { Clock } from '../../ports/host.ts';
import { numberIn } from '../answers.ts';
import type { Connection } from '../connect.ts';
import { Pace } from '../pace.ts';
import { NOTE_LIFE_S, type ScriptCall, Scripts } from '../scripts.ts';
import { batches } from '../step-size.ts';
import { claimOf, Ledger } from './ledger.ts';
import { byTarget, type Target } from './way-back.ts';

const NAMES = ['begin-1', 'ready-1', 'to-queue-3', 'to-set-2'] as const;
type Call = ScriptCall<(typeof NAMES)[number]>;

/** So many are one call of well under a millisecond. */
const MOST_AT_ONCE = 500;

export type PuttingBackOptions = {
  readonly connection: Connection;
  readonly keys: SidekiqKeys;
  readonly archive: ArchiveReader;
  readonly clock: Clock;
};

/** One turn of a restore. */
export class PuttingBack {
  readonly ledger: Ledger;
  stopBecause: string | undefined;
  /** What Redis has lost, in this turn or one before, each a sentence. */
  readonly losses: Set<string>;
  readonly #options: PuttingBackOptions;
  readonly #order: RestoreOrder;
  readonly #scripts: Scripts<(typeof NAMES)[number]>;
  readonly #pace: Pace;
  readonly #noteKey: string;
  #turn = 0;
  /** So many jobs were overdue so far: the next one becomes due after them. */
  #late = 0;

  constructor(options: PuttingBackOptions, order: RestoreOrder, steps: RestoreSteps, losses: Set<string>) {
    this.losses = losses;
    this.#options = options;
    this.#order = order;
    this.ledger = new Ledger(options.archive, order, steps);
    this.#scripts = new Scripts(options.connection, import.meta.url, NAMES);
    this.#pace = new Pace(options.connection);
    // Ours, so outside of redis-namespace.
    this.#noteKey = `poison-control:restore:${order.actionId}`;
  }

  /** Ends all earlier turns and takes up what they left. False when a younger lease has been here. */
  async begin(): Promise<boolean> {
    await this.#scripts.load();
    const [answer] = await this.#scripts.run([['begin-1', this.#noteKey, NOTE_LIFE_S, this.#order.fence]]);
    const [turn, claim, done, late, back] = Array.isArray(answer) ? answer : [];
    this.#turn = numberIn(turn) ?? 0;
    if (this.#turn === 0) return false;
    this.#late = numberIn(late) ?? 0;
    const noted = { claim: String(claim), done: numberIn(done) ?? 0, back: numberIn(back) ?? 0 };
    const forgotten = await this.ledger.takeUp(noted);
    if (forgotten > 0) {
      this.losses.add(
        `Redis is older than it was, or has lost its note: ${counted(forgotten, 'job')} that had been put back may be gone from it. They count as restored, and are not put back again.`,
      );
    }
    // On record before Redis forgets it: whoever goes on with this restore could not see it any more.
    for (const loss of this.losses) await this.ledger.tell(loss);
    await this.#scripts.run([['ready-1', this.#noteKey, NOTE_LIFE_S, this.#turn, this.ledger.restored]]);
    return true;
  }

  /** See `Turn`. */
  async recall(): Promise<boolean> {
    return (await this.ledger.recall()) !== undefined;
  }

  /** See `Turn`. */
  async wait(ms: number, why?: string): Promise<void> {
    if (why !== undefined) await this.ledger.tell(why);
    await this.ledger.pause(ms);
  }

  /** Puts back what the order still asks for, between two claims hearing whether to go on. */
  async putBack(): Promise<void> {
    const { archive } = this.#options;
    const { archiveId } = this.#order;
    const { ledger } = this;
    const begun = ledger.unfinished;
    const owed = await archive.owedJobs(archiveId);
    if (begun !== undefined && !this.isOver) await this.#push(begun.claim, begun.done);
    for (const jobs of owed) {
      if (this.isOver || ledger.left <= 0) break;
      const claim = await ledger.claim(jobs);
      if (!this.isOver) await this.#push(claim, 0);
    }
    await ledger.write();
  }

  get isOver(): boolean {
    return this.ledger.isStopping || this.stopBecause !== undefined;
  }

  async #push(claim: JobRange, done: number): Promise<void> {
    const { place, jobs } = await this.#options.archive.chunkJobs(claim.actionId, claim.chunk);
    const mine = jobs.slice(claim.first + done, claim.first + claim.jobs);
    let before = done;
    for (const part of byTarget(mine, place, this.#options.keys)) {
      this.ledger.note = nameOf(part.target);
      for (const batch of batches(part.jobs, MOST_AT_ONCE)) {
        if (this.isOver) return;
        await this.#scripts.run([this.#callFor(part.target, batch, claimOf(claim), before)]);
        before += batch.length;
        this.ledger.advance(batch.length);
        await this.#breathe();
      }
    }
  }

  #callFor(target: Target, jobs: readonly JobBytes[], claim: string, before: number): Call {
    const { keys } = this.#options;
    const head = [NOTE_LIFE_S, this.#turn, claim, before, this.ledger.restored];
    const payloads = jobs.map(({ payload }) => bufferOf(payload));
    if (target.kind === 'queue') {
      const { queue } = target;
      return ['to-queue-3', this.#noteKey, keys.queue(queue), keys.queues, ...head, queue, ...payloads];
    }
    const lateBefore = this.#late;
    const pairs = jobs.flatMap(({ score }, index) => [this.#dueAt(score ?? 0), payloads[index] ?? '']);
    return ['to-set-2', this.#noteKey, target.key, ...head, this.#late - lateBefore, ...pairs];
  }

  /** Its own time; where that has passed, a moment after the one before it, so that not all become due at once. */
  #dueAt(score: number): string {
    const nowMs = this.#options.clock.nowMs();
    if (score * 1000 > nowMs) return scoreText(score);
    const dueMs = nowMs + this.#late * this.#order.lateGapMs;
    this.#late += 1;
    return scoreText(dueMs / 1000);
  }

  async #breathe(): Promise<void> {
    const { waitMs, stopBecause } = await this.#pace.look();
    this.stopBecause ??= stopBecause;
    if (waitMs > 0) await this.ledger.pause(waitMs);
  }
}

/** Redis writes infinity in its own way; all other numbers are the same double again. */
function scoreText(score: number): string {
  return Number.isFinite(score) ? String(score) : score > 0 ? '+inf' : '-inf';
}

function nameOf(target: Target): string {
  return target.kind === 'queue' ? `queue ${target.queue}` : target.key;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
