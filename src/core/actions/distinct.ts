/** How many different ones there are; beyond a limit only that there are more. */
export type Distinct = { readonly count: number; readonly isAtLeast: boolean };

/** Beyond it memory would grow with the number of jobs. */
const MAX_REMEMBERED = 20_000;
/** Ids are short; what is longer was made up to fill memory. */
const MAX_LENGTH = 200;

export class DistinctCounter {
  readonly #seen = new Set<string>();
  #hasMore = false;

  add(value: string | undefined): void {
    if (value === undefined || this.#seen.has(value)) return;
    if (this.#seen.size < MAX_REMEMBERED && value.length <= MAX_LENGTH) this.#seen.add(value);
    else this.#hasMore = true;
  }

  get distinct(): Distinct {
    return { count: this.#seen.size, isAtLeast: this.#hasMore };
  }
}
