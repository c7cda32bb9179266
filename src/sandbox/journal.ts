import type { Fields } from './fields.ts';

/** A call of the bot to the Web API, as it was answered. */
export type ApiCall = {
  readonly method: string;
  readonly args: Fields;
  readonly status: number;
  readonly answer: Fields;
  readonly atMs: number;
};

/** A demo may run for days; the oldest entries are forgotten. */
const KEPT_ENTRIES = 2_000;

/** A list that forgets its oldest entries. */
export class Journal<Entry> {
  readonly #entries: Entry[] = [];

  add(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length > KEPT_ENTRIES) this.#entries.shift();
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }
}
