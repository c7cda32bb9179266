import type { Clock, Log, Notes } from '../ports/host.ts';

/** After a failure the store is left alone for as long. */
const RETRY_AFTER_MS = 15_000;

/**
 * Notes that go on while the store is gone: what was read or written last is what holds, and what could not be written is
 * written when the store is back. Only for notes that this bot alone writes, or only reads.
 */
export class LastingNotes implements Pick<Notes, 'load' | 'save'> {
  readonly #notes: Pick<Notes, 'load' | 'save'>;
  readonly #life: { readonly clock: Clock; readonly log: Log };
  readonly #known = new Map<string, string | undefined>();
  readonly #owed = new Set<string>();
  #retryAtMs = 0;

  constructor(notes: Pick<Notes, 'load' | 'save'>, life: { readonly clock: Clock; readonly log: Log }) {
    this.#notes = notes;
    this.#life = life;
  }

  /** @throws {StoreError} where the store can't be read and this was never known */
  async load(id: string): Promise<string | undefined> {
    if (this.#owed.has(id)) return this.#known.get(id);
    if (this.#known.has(id) && this.#isResting) return this.#known.get(id);
    try {
      const text = await this.#notes.load(id);
      this.#known.set(id, text);
    } catch (error) {
      this.#rest(error, id);
      if (!this.#known.has(id)) throw error;
    }
    return this.#known.get(id);
  }

  async save(id: string, text: string): Promise<void> {
    this.#known.set(id, text);
    this.#owed.add(id);
    await this.catchUp();
  }

  /** Writes what is owed, if the store takes it. */
  async catchUp(): Promise<void> {
    for (const id of this.#owed) {
      if (this.#isResting) return;
      try {
        await this.#notes.save(id, this.#known.get(id) ?? '');
        this.#owed.delete(id);
      } catch (error) {
        this.#rest(error, id);
      }
    }
  }

  /** Another bot writes these from now on. */
  forget(): void {
    this.#known.clear();
    this.#owed.clear();
  }

  get #isResting(): boolean {
    return this.#life.clock.steadyMs() < this.#retryAtMs;
  }

  #rest(err: unknown, id: string): void {
    this.#retryAtMs = this.#life.clock.steadyMs() + RETRY_AFTER_MS;
    this.#life.log.warn({ err, id }, 'the store is gone: what was known last holds, and is written later');
  }
}
