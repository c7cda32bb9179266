import {
  type CountersThen,
  countersOf,
  lookSample,
  type Minute,
  minuteSample,
} from '../core/history/minute.ts';
import { samplesOfCounts } from '../core/history/past-counts.ts';
import { type HistorySample, SPAN_MS, spanStartMs } from '../core/history/sample.ts';
import type { Snapshot } from '../core/sidekiq/snapshot.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { HistoryStore } from '../ports/memory.ts';
import type { PastCountReader } from '../ports/reading.ts';
import type { Look } from './watch.ts';

/** A store that is down for longer loses minutes; memory must not fill up with them. */
const MOST_WAITING = 3 * 60;
/** Deleting a few rows is cheap, and an hour more or less is nothing. */
const THIN_EVERY_MS = SPAN_MS.hour;
/** After a failure the store is left alone for as long. */
const RETRY_AFTER_MS = 60_000;

type Outside = {
  readonly store: HistoryStore;
  readonly reader: PastCountReader;
  /** How long hours and days are kept; undefined: a year. */
  readonly keepMs?: number | undefined;
  /** Undefined while the clocks leave it in doubt how old anything is. */
  readonly timeToForgetBy: () => number | undefined;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Writes one sample a minute of one sidekiq. Only the replica that watches it is asked to. No look waits for the store, and
 * what can't be written now is written later.
 */
export class HistoryRecorder {
  readonly #sidekiq: string;
  readonly #outside: Outside;
  #minute: Minute | undefined;
  #counters: CountersThen | undefined;
  #waiting: readonly HistorySample[] = [];
  #writing: Promise<void> | undefined;
  #hasFilled = false;
  #thinnedAtMs = 0;
  #retryAtMs = 0;

  constructor(sidekiq: string, outside: Outside) {
    this.#sidekiq = sidekiq;
    this.#outside = outside;
  }

  /** After each look of the one that watches. */
  look({ judgements }: Look, snapshot: Snapshot): void {
    const sample = lookSample(snapshot, judgements, this.#counters);
    this.#counters = countersOf(snapshot);
    const minute = this.#minute;
    if (minute !== undefined && minute.atMs !== sample.atMs) this.#end(minute);
    const looks = this.#minute?.looks ?? [];
    this.#minute = { atMs: sample.atMs, looks: [...looks, sample] };
    this.#write();
  }

  /** Another replica watches from now on. What this one saw of the minute is the other's to tell. */
  rest(): void {
    this.#minute = undefined;
    this.#counters = undefined;
  }

  /** Resolves when nothing is being written. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  #end(minute: Minute): void {
    const sample = minuteSample(minute);
    this.#minute = undefined;
    if (sample !== undefined) this.#waiting = [...this.#waiting, sample].slice(-MOST_WAITING);
  }

  #write(): void {
    const { clock } = this.#outside;
    const isIdle = this.#hasFilled && this.#waiting.length === 0;
    if (isIdle || clock.steadyMs() < this.#retryAtMs) return;
    this.#writing ??= this.#writeAll(clock.nowMs()).finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(nowMs: number): Promise<void> {
    const { store, log, keepMs, timeToForgetBy } = this.#outside;
    try {
      for (const sample of this.#waiting) {
        await store.addSample(this.#sidekiq, sample);
        this.#waiting = this.#waiting.filter((each) => each !== sample);
      }
      if (!this.#hasFilled) await this.#fill(nowMs);
      const forgetByMs = timeToForgetBy();
      if (forgetByMs === undefined || Math.abs(forgetByMs - this.#thinnedAtMs) < THIN_EVERY_MS) return;
      this.#thinnedAtMs = forgetByMs;
      await store.thinSamples(this.#sidekiq, forgetByMs, keepMs);
    } catch (err) {
      this.#retryAtMs = this.#outside.clock.steadyMs() + RETRY_AFTER_MS;
      log.warn({ sidekiq: this.#sidekiq, err }, 'history could not be written; it is tried again');
    }
  }

  /** At the first start: what Sidekiq has counted itself. Where there is a past of our own, it is the better one. */
  async #fill(nowMs: number): Promise<void> {
    const { store, reader } = this.#outside;
    const before = { fromMs: 0, toMs: spanStartMs(nowMs, 'day') };
    const known = await store.samples(this.#sidekiq, 'day', [before]);
    if (known.length === 0) {
      const counts = await reader.pastCounts(nowMs);
      await store.fillSamples(this.#sidekiq, samplesOfCounts(counts, nowMs));
    }
    this.#hasFilled = true;
  }
}
