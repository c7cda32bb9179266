import { readFileSync } from 'node:fs';
import { ask, type Command, type Reply } from '../ask.ts';
import type { Connection } from '../connect.ts';

const NAMES = ['begin-2', 'move-when-owner-gone', 'move-when-host-clear', 'take-back-2'] as const;
type ScriptName = (typeof NAMES)[number];

export type Call = {
  readonly script: ScriptName;
  readonly keys: readonly string[];
  readonly args: readonly (string | number | Buffer)[];
};

/** The scripts of the rescue, loaded into Redis once a turn. */
export class Scripts {
  readonly #connection: Connection;
  readonly #texts = NAMES.map((name) => readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8'));
  #hashes: ReadonlyMap<ScriptName, string> = new Map();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @throws {RefusedByRedis} */
  async load(): Promise<void> {
    const replies = await ask(
      this.#connection,
      this.#texts.map((text) => ['SCRIPT', 'LOAD', text]),
    );
    this.#hashes = new Map(NAMES.map((name, index) => [name, String(answerOf(replies[index]))]));
  }

  /** Runs them one after another, and gives all answers: a refused one has done nothing. */
  async run(calls: readonly Call[]): Promise<readonly Reply[]> {
    const commands = calls.map(
      ({ script, keys, args }): Command => [
        'EVALSHA',
        this.#hashes.get(script) ?? '',
        keys.length,
        ...keys,
        ...args,
      ],
    );
    return ask(this.#connection, commands);
  }
}

/** @throws {RefusedByRedis} */
export function answerOf(reply: Reply | undefined): unknown {
  if (reply?.ok !== true) throw new RefusedByRedis(reply?.refusal ?? 'ERR');
  return reply.value;
}

/** Redis forbids to go on; the message is a sentence for people. */
export class RefusedByRedis extends Error {
  constructor(refusal: string) {
    super(
      refusal === 'OOM'
        ? 'Redis is full and takes no job into any list: a purge of the class that fills it makes room, then propose this again.'
        : `Redis refused it (${refusal}).`,
    );
  }
}

/** Another bot has begun a turn of the same action. */
export class OtherTurn extends Error {}

/** A text with 1 or 0 for each job. */
export function readLeft(answer: unknown): readonly boolean[] {
  return Buffer.isBuffer(answer) ? [...answer].map((byte) => byte === 0x31) : [];
}
