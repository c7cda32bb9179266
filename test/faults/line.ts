import { createServer, connect as dial, type Socket } from 'node:net';

/**
 * A line between the bot and a server that a test can spoil: slow, cut, dead, swallowing answers, or silent. It knows no protocol,
 * so it stands before Redis and PostgreSQL alike.
 */
export class Line implements AsyncDisposable {
  /** Each answer of the server is held back for so long. */
  delayMs = 0;
  /** Nobody is let through any more; those who are through stay. */
  isRefusing = false;
  /** How many more answers come through before the next one is swallowed and the line cut. */
  cutAfterAnswers = Number.POSITIVE_INFINITY;
  cuts = 0;
  #isSilent = false;
  readonly #target: number;
  // Who hangs up on a silent line hears nothing of that either.
  readonly #server = createServer({ allowHalfOpen: true }, (client) => this.#join(client));
  readonly #pairs = new Set<Pair>();

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
    for (const { end } of this.#pairs) end();
  }

  /**
   * Not a byte arrives any more, and neither end is told, as behind a server that failed over without a word. Whoever dials is let
   * in, and hears nothing.
   */
  fallSilent(): void {
    this.#isSilent = true;
    for (const pair of this.#pairs) pair.isSilent = true;
  }

  /** Whoever dials from now on is through. Those who were there before stay as they are: what they said is lost. */
  speakAgain(): void {
    this.#isSilent = false;
  }

  #join(client: Socket): void {
    if (this.isRefusing) {
      client.destroy();
      return;
    }
    const upstream = dial({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true });
    const end = () => {
      this.#pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    const pair: Pair = { end, isSilent: this.#isSilent };
    this.#pairs.add(pair);
    for (const socket of [client, upstream]) {
      socket
        .setNoDelay(true)
        .on('error', () => {})
        .on('end', () => pair.isSilent || end())
        .on('close', () => pair.isSilent || end());
    }
    client.on('data', (data) => pair.isSilent || upstream.write(data));
    upstream.on('data', (data) => {
      if (pair.isSilent) return;
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

/** Who is through, and the server behind. */
type Pair = { readonly end: () => void; isSilent: boolean };
