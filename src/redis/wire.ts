import type { Socket } from 'node:net';
import { Spares } from '../core/spares.ts';
import type { Command } from './command.ts';
import { encodeCommands, Refusal, type Value, ValueReader } from './resp.ts';

/** Redis answers a pipeline of ours in milliseconds; after this it hangs, and its late answers are of no use. */
const REPLY_TIMEOUT_MS = 10_000;

/** With every string in it as a Buffer, or an array of strings as a `Page`; or Redis's own words for why it did not do it. */
export type Answer = { readonly value: unknown } | { readonly error: string };

type Waiting = {
  readonly answers: Value[];
  readonly count: number;
  readonly resolve: (answers: readonly Value[]) => void;
  readonly reject: (error: Error) => void;
};

const spares = new Spares(4);

/**
 * One socket, from when ioredis has made it ready to its end: ioredis opens it (address, TLS, Sentinel, password, database, again
 * after a loss), and then it is ours.
 */
export class Wire {
  readonly socket: Socket;
  readonly #reader = new ValueReader();
  readonly #waiting: Waiting[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    // Nothing of ioredis is under way on a connection that is ready, so it misses nothing.
    socket.removeAllListeners('data');
    socket.on('data', (chunk) => this.#hear(chunk));
    socket.once('close', () => this.#end(new Error('the connection was lost')));
  }

  /** Sends commands in one go and waits for all answers. Any failure of the connection is thrown as it is. */
  async exchange(commands: readonly Command[]): Promise<readonly Answer[]> {
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
