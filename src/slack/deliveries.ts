/** Some minutes of busy work. */
const KEPT_MAX = 2000;

/** Slack may deliver the same thing twice; the second time there is nothing to do. */
export class SeenDeliveries {
  readonly #ids = new Map<string, PromiseWithResolvers<object | undefined>>();

  /** True at the first time, and for what has no id. */
  isNew(id: unknown): boolean {
    if (typeof id !== 'string' || id === '') return true;
    if (this.#ids.has(id)) return false;
    this.#ids.set(id, Promise.withResolvers());
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > KEPT_MAX && oldest !== undefined) this.#ids.delete(oldest);
    return true;
  }

  /** What its acknowledgement carried, such as what a form's window does next; only the first word counts. */
  acknowledgedWith(id: unknown, answer: object | undefined): void {
    if (typeof id === 'string') this.#ids.get(id)?.resolve(answer);
  }

  /** What the acknowledgement carried at the first time, once that is known. */
  async acknowledgementOf(id: unknown): Promise<object | undefined> {
    return typeof id === 'string' ? this.#ids.get(id)?.promise : undefined;
  }
}
