import { freezeMemory, thawMemory, type WatchMemory } from '../core/attribution/watch-memory.ts';
import type { Sample } from '../core/health/sample.ts';
import type { Snapshot } from '../core/sidekiq/snapshot.ts';
import type { Clock, Log, Turns } from '../ports/host.ts';
import type { EvidenceStore } from '../ports/memory.ts';
import { type Meter, UNMETERED } from '../ports/meter.ts';
import type { DeathReader } from '../ports/reading.ts';
import type { Alerter } from './alert.ts';
import type { TerminationFollower } from './follow-terminations.ts';
import type { HistoryRecorder } from './record-history.ts';
import { isNews, type Look, Watcher } from './watch.ts';

/** A restart forgets at most this much of exposure; crashes are saved as they are noticed. Freezing takes up to 60 ms. */
const SAVE_EVERY_MS = 5 * 60_000;

/** So long without a store that says who watches: whoever did may have died with it, and it is rather told twice than never. */
const STAND_IN_AFTER_MS = 5 * 60_000;
/** When the store is back, who watched before it went asks for the turn within this, for it looks at least every 30 s. */
const FIRST_REFUSAL_MS = 40_000;

/** Evidence of another format, by an older or a newer bot, is left alone until it is replaced. */
const FORMAT = 1;

type Outside = {
  readonly reader: DeathReader;
  readonly store: EvidenceStore;
  readonly turns: Turns;
  /** Both undefined in a terminal, which keeps nothing. */
  readonly alerter: Alerter | undefined;
  readonly recorder: HistoryRecorder | undefined;
  /** Undefined where no container platform is configured. */
  readonly terminations?: TerminationFollower | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter?: Meter;
};

/**
 * The watcher's life: one among all replicas follows a sidekiq, remembers over restarts what was seen, and takes up what
 * another replica has left. A store that fails makes it forgetful, never blind: who watched goes on until it hears that another
 * does, and where it stays gone the others look too. They only read, and tell.
 */
export class Watching {
  readonly #sidekiq: string;
  readonly #outside: Outside;
  readonly #turn: string;
  #watcher: Watcher | undefined;
  #savedAtMs = 0;
  /** By the last word of the store. */
  #hasTurn = false;
  /** Since when the store has not said whose turn it is, and since when it answers again. */
  #unsureSinceMs: number | undefined;
  #backSinceMs: number | undefined;

  constructor(sidekiq: string, outside: Outside) {
    this.#sidekiq = sidekiq;
    this.#turn = `watch/${sidekiq}`;
    this.#outside = outside;
  }

  /**
   * Takes a snapshot with the samples of the last minutes, itself the last of them. Undefined while another replica
   * watches. @throws {RedisUnavailable}
   */
  async see(snapshot: Snapshot, samples: readonly Sample[]): Promise<Look | undefined> {
    if (!(await this.#mayWatch())) {
      this.#watcher = undefined;
      this.#outside.alerter?.rest();
      this.#outside.recorder?.rest();
      return undefined;
    }
    this.#watcher ??= await this.#begin();
    const look = await this.#watcher.see(snapshot);
    const { meter = UNMETERED } = this.#outside;
    for (const judgement of look.judgements) {
      if (judgement.kind === 'ended') meter.processEnded(this.#sidekiq, judgement.end);
    }
    const hasNews = look.judgements.some(isNews);
    if (hasNews || this.#outside.clock.steadyMs() - this.#savedAtMs >= SAVE_EVERY_MS) await this.#save();
    this.#outside.terminations?.look(snapshot, this.#watcher.memory.evidence);
    this.#outside.recorder?.look(look, snapshot);
    // What it told while it stood in must not be written over what whoever had the turn knows.
    if (this.#backSinceMs === undefined)
      this.#outside.alerter?.look(look, snapshot, samples, this.#watcher.memory.evidence);
    return look;
  }

  /** What this bot itself follows; undefined while another one watches. */
  get own(): WatchMemory | undefined {
    return this.#watcher?.memory;
  }

  /** What is known by now: this replica's own view, or what the one that watches saved last. */
  async memory(): Promise<WatchMemory | undefined> {
    return this.#watcher?.memory ?? (await this.#load());
  }

  /** How pods ended, as the platform told it, or why it does not say so; undefined where there is none. */
  async podEnds(): Promise<Pick<TerminationFollower, 'found' | 'trouble'> | undefined> {
    const { terminations } = this.#outside;
    if (this.#watcher === undefined) await terminations?.ask();
    return terminations;
  }

  async stop(): Promise<void> {
    await this.#outside.terminations?.settle();
    await this.#outside.alerter?.settle();
    await this.#outside.recorder?.settle();
    if (this.#watcher === undefined) return;
    await this.#save();
    this.#watcher = undefined;
    try {
      await this.#outside.turns.release(this.#turn);
    } catch (error) {
      this.#warn(error, 'the turn to watch could not be given back; it runs out by itself');
    }
  }

  async #begin(): Promise<Watcher> {
    const { clock, reader } = this.#outside;
    this.#savedAtMs = clock.steadyMs();
    return new Watcher(reader, await this.#load());
  }

  async #mayWatch(): Promise<boolean> {
    const nowMs = this.#outside.clock.steadyMs();
    try {
      if (await this.#letsAnotherAskFirst(nowMs)) return this.#watcher !== undefined;
      this.#hasTurn = await this.#outside.turns.tryHold(this.#turn);
      this.#unsureSinceMs = undefined;
      this.#backSinceMs = undefined;
      return this.#hasTurn;
    } catch (error) {
      this.#warn(error, 'it could not be asked whose turn it is to watch');
      this.#unsureSinceMs ??= nowMs;
      this.#backSinceMs = undefined;
      return this.#watcher !== undefined || nowMs - this.#unsureSinceMs >= STAND_IN_AFTER_MS;
    }
  }

  /** Who had the turn when the store went knows alone what happened meanwhile, and what was told. @throws {StoreError} */
  async #letsAnotherAskFirst(nowMs: number): Promise<boolean> {
    if (this.#hasTurn || this.#unsureSinceMs === undefined) return false;
    await this.#outside.store.evidence(this.#sidekiq);
    this.#backSinceMs ??= nowMs;
    return nowMs - this.#backSinceMs < FIRST_REFUSAL_MS;
  }

  async #load(): Promise<WatchMemory | undefined> {
    try {
      const stored = await this.#outside.store.evidence(this.#sidekiq);
      if (stored === undefined || stored.format !== FORMAT) return undefined;
      return thawMemory(Buffer.from(stored.body).toString('utf8'));
    } catch (error) {
      this.#warn(error, 'what was seen before could not be read; the watch begins anew');
      return undefined;
    }
  }

  async #save(): Promise<void> {
    if (this.#watcher === undefined || !this.#hasTurn) return;
    // Also after a failure: a store that is down is not asked at every look.
    this.#savedAtMs = this.#outside.clock.steadyMs();
    try {
      const body = Buffer.from(freezeMemory(this.#watcher.memory), 'utf8');
      await this.#outside.store.saveEvidence(this.#sidekiq, { format: FORMAT, body });
    } catch (error) {
      this.#warn(error, 'what was seen could not be saved');
    }
  }

  #warn(err: unknown, message: string): void {
    this.#outside.log.warn({ sidekiq: this.#sidekiq, err }, message);
  }
}
