import type { Socket } from 'node:net';
import { Spares } from '../core/spares.ts';
import type { Command } from './command.ts';
import { type Connection, type Exchange, REPLY_TIMEOUT_MS } from './connect.ts';
import { encodeCommands, Refusal, type Value, ValueReader } from './resp.ts';

/**
 * The same connection, spoken to without ioredis: it still opens it (address, TLS, Sentinel, password, database, again after
 * a loss), and then the socket is ours. For who reads or moves jobs by the hundred thousand; nobody may use this connection otherwise.
 */
export function overWire(connection: Connection): Connection {
  let wire: Wire | undefined;
  return {
    ...connection,
    exchange: async (commands) => {
      const socket = connection.redis.stream as Socket;
      if (wire?.socket !== socket) wire = new Wire(socket);
      return wire.exchange(commands);
    },
  };
}

type Waiting = {
  readonly answers: Value[];
  readonly count: number;
  readonly resolve: (answers: readonly Value[]) => void;
  readonly reject: (error: Error) => void;
};

const spares = new Spares(4);

/** One socket, from when ioredis has made it ready to its end. */
class Wire {
  readonly socket: Socket;
  readonly #reader = new ValueReader();
  readonly #waiting: Waiting[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    // Nothing of ioredis is under way on a connection that is ours alone, so it misses nothing.
    socket.removeAllListeners('data');
    socket.on('data', (chunk) => this.#hear(chunk));
    socket.once('close', () => this.#end(new Error('the connection was lost')));
  }

  async exchange(commands: readonly Command[]): ReturnType<Exchange> {
    if (this.socket.destroyed) throw new Error('the connection was lost');
    // First of all, for it may fail: from then on each answer belongs to who waits for it.
    const bytes = encodeCommands(commands, (size) => spares.take(size));
    const answered = new Promise<readonly Value[]>((resolve, reject) =>
      this.#waiting.push({ answers: [], count: commands.length, resolve, reject }),
    );
    const deadline = setTimeout(() => this.socket.destroy(new Error('no answer in time')), REPLY_TIMEOUT_MS);
    let isSent = false;
    this.socket.write(bytes, () => {
      isSent = true;
    });
    try {
      const answers = await answered;
      if (isSent) spares.giveBack(bytes);
      return answers.map((value) => (value instanceof Refusal ? { error: value.message } : { value }));
    } finally {
      clearTimeout(deadline);
    }
  }

  #hear(chunk: Buffer): void {
    try {
      for (const value of this.#reader.push(chunk)) this.#answer(value);
    } catch (error) {
      this.socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #answer(value: Value): void {
    const [first] = this.#waiting;
    if (first === undefined) throw new TypeError('an answer to no question');
    first.answers.push(value);
    if (first.answers.length < first.count) return;
    this.#waiting.shift();
    first.resolve(first.answers);
  }

  #end(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
