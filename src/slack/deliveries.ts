/** Some minutes of busy work. */
const KEPT_MAX = 2000;

/** Slack may deliver the same thing twice; the second time there is nothing to do. */
export class SeenDeliveries {
  readonly #ids = new Set<string>();

  /** True at the first time, and for what has no id. */
  isNew(id: unknown): boolean {
    if (typeof id !== 'string' || id === '') return true;
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > KEPT_MAX && oldest !== undefined) this.#ids.delete(oldest);
    return true;
  }
}
