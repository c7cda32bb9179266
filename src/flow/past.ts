import type { Calendar } from '../core/history/calendar.ts';
import { learnable } from '../core/history/learnable.ts';
import { type SameHour, sameHour, sameHourRanges } from '../core/history/same-hour.ts';
import { type HistorySample, SPAN_MS, spanStartMs, type TimeRange } from '../core/history/sample.ts';
import type { HistoryReader } from '../ports/memory.ts';

/** Moments that are held at once: this one, and those of who asked shortly before. */
const HELD = 4;

/**
 * What one sidekiq's past says about an hour, without what incidents did to it. Reading takes some milliseconds; what was
 * read serves everybody for ten minutes, the fineness of the samples.
 */
export class Past {
  readonly calendar: Calendar;
  readonly #sidekiq: string;
  readonly #store: HistoryReader;
  readonly #held = new Map<number, Promise<SameHour>>();

  constructor(sidekiq: string, store: HistoryReader, calendar: Calendar) {
    this.#sidekiq = sidekiq;
    this.#store = store;
    this.calendar = calendar;
  }

  /** The samples around this time of earlier days: hand it to `usualAt`. @throws {StoreError} */
  sameHour(atMs: number): Promise<SameHour> {
    const slotMs = spanStartMs(atMs, 'ten minutes');
    const held = this.#held.get(slotMs);
    if (held !== undefined) return held;
    const reading = this.#read(slotMs);
    this.#held.set(slotMs, reading);
    // What failed is asked for again.
    reading.catch(() => this.#held.delete(slotMs));
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= HELD) break;
      this.#held.delete(oldest);
    }
    return reading;
  }

  /**
   * The same for each of some hours in a row, told from samples of whole hours: a night of tens would be thousands of them.
   * @throws {StoreError}
   */
  async hours(startsMs: readonly number[]): Promise<readonly SameHour[]> {
    const { timezone } = this.calendar;
    const [firstMs, lastMs] = [startsMs.at(0), startsMs.at(-1)];
    if (firstMs === undefined) return [];
    const ranges = sameHourRanges(firstMs, timezone, lastMs);
    const samples = await this.#learnable(await this.#store.samples(this.#sidekiq, 'hour', ranges));
    return startsMs.map((atMs) => sameHour(atMs, this.calendar, samples));
  }

  async #read(atMs: number): Promise<SameHour> {
    const ranges = sameHourRanges(atMs, this.calendar.timezone);
    const samples = await this.#store.samples(this.#sidekiq, 'ten minutes', ranges);
    return sameHour(atMs, this.calendar, await this.#learnable(samples));
  }

  async #learnable(samples: readonly HistorySample[]): Promise<readonly HistorySample[]> {
    const [first, last] = [samples.at(0), samples.at(-1)];
    if (first === undefined || last === undefined) return samples;
    const incidents = await this.#store.incidents(this.#sidekiq, {
      fromMs: first.atMs,
      toMs: last.atMs + SPAN_MS[last.resolution],
    });
    const ranges = incidents
      .filter(({ bendsFigures }) => bendsFigures)
      .map(({ sinceMs, untilMs }): TimeRange => {
        return { fromMs: sinceMs, toMs: untilMs ?? Number.POSITIVE_INFINITY };
      });
    return learnable(samples, ranges);
  }
}
