import type { Call, FleetRedis } from '../../src/sandbox/fleet/redis-call.ts';
import { type FleetRedisClient, openFleetRedis } from '../../src/sandbox/fleet/redis-client.ts';
import { type Books, readJob } from './books.ts';

/** The fleet's own line to its Redis, on which the books are kept: what it pushes, moves and finishes is seen here. */
export class FleetLine implements FleetRedis, AsyncDisposable {
  readonly #port: number;
  readonly #books: Books;
  #client: FleetRedisClient;

  private constructor(port: number, books: Books, client: FleetRedisClient) {
    this.#port = port;
    this.#books = books;
    this.#client = client;
  }

  static async open(port: number, books: Books): Promise<FleetLine> {
    return new FleetLine(port, books, await openFleetRedis(port));
  }

  /** After Redis was killed and started again; nobody may be using it meanwhile. */
  async reopen(): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
    this.#client = await openFleetRedis(this.#port);
  }

  readonly pipeline = async (calls: readonly Call[]): Promise<readonly unknown[]> => {
    const replies = await this.#client.pipeline(calls);
    noteIn(this.#books, calls, replies);
    return replies;
  };

  readonly call = async (...call: [command: string, ...args: (string | number)[]]): Promise<unknown> => {
    const [reply] = await this.pipeline([call]);
    if (reply instanceof Error) throw reply;
    return reply;
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
  }
}

/** What one pipeline of a fleet did to its jobs. */
export function noteIn(books: Books, calls: readonly Call[], replies: readonly unknown[]): void {
  const moved = new Set<string>();
  for (const [position, [command, key, ...rest]] of calls.entries()) {
    const reply = replies[position];
    if (reply instanceof Error) throw reply;
    const texts =
      command === 'LPUSH' || command === 'RPUSH'
        ? rest.map(String)
        : command === 'ZADD'
          ? [String(rest[1])]
          : [];
    for (const text of texts) {
      books.written(text);
      moved.add(readJob(text)?.jid ?? '');
    }
    if (command === 'RPOP' && String(key).endsWith('-signals') && typeof reply === 'string')
      books.signalled(String(key).slice(0, -'-signals'.length));
  }
  for (const [position, [command, , , text]] of calls.entries()) {
    if (command !== 'LREM') continue;
    const jid = readJob(String(text))?.jid ?? '';
    // What is written elsewhere in the same breath was given back or has failed.
    if (!moved.has(jid)) books.finished(jid);
    if (replies[position] === 0) books.ranOn(jid);
  }
}
