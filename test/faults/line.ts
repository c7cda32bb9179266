import { createServer, connect as dial, type Socket } from 'node:net';

/**
 * A line between the bot and a server that a test can spoil: slow, cut, dead, or swallowing answers. It knows no protocol, so it
 * stands before Redis and PostgreSQL alike.
 */
export class Line implements AsyncDisposable {
  /** Each answer of the server is held back for so long. */
  delayMs = 0;
  /** Nobody is let through any more; those who are through stay. */
  isRefusing = false;
  /** How many more answers come through before the next one is swallowed and the line cut. */
  cutAfterAnswers = Number.POSITIVE_INFINITY;
  cuts = 0;
  readonly #target: number;
  readonly #server = createServer((client) => this.#join(client));
  readonly #pairs = new Set<() => void>();

  constructor(target: number) {
    this.#target = target;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the line has no end yet');
    return address.port;
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** All who are through are cut off, as by a pulled cable. */
  cut(): void {
    this.cuts += 1;
    for (const end of this.#pairs) end();
  }

  #join(client: Socket): void {
    if (this.isRefusing) {
      client.destroy();
      return;
    }
    const upstream = dial(this.#target, '127.0.0.1');
    const end = () => {
      this.#pairs.delete(end);
      client.destroy();
      upstream.destroy();
    };
    this.#pairs.add(end);
    for (const socket of [client, upstream]) socket.setNoDelay(true).on('error', end).on('close', end);
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => {
      this.cutAfterAnswers -= 1;
      if (this.cutAfterAnswers <= 0) {
        this.cutAfterAnswers = Number.POSITIVE_INFINITY;
        this.cuts += 1;
        end();
      } else if (this.delayMs === 0) client.write(data);
      else setTimeout(() => client.destroyed || client.write(data), this.delayMs);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
