/** One after another: whoever would kill a Redis waits until the fleet has ended its step, so that its books are exact. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(deed: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(deed);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
