import { readFileSync } from 'node:fs';
import { ask, type Reply } from '../ask.ts';
import type { Connection } from '../connect.ts';

const NAMES = ['begin-2', 'remove-from-list-3', 'remove-from-set-3', 'park-4', 'give-back-5'] as const;
type ScriptName = (typeof NAMES)[number];

/** A call of a script: as many keys as the number in its name says, then its arguments. */
export type Call = readonly [script: ScriptName, ...args: (string | number | Buffer)[]];

/** The scripts of the purge, loaded into Redis once. */
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

  /** Runs them one after another. Codes below zero become errors. @throws {RefusedByRedis | OutOfStep} */
  async run(calls: readonly Call[]): Promise<unknown[]> {
    const replies = await ask(
      this.#connection,
      calls.map(([name, ...args]) => [
        'EVALSHA',
        this.#hashes.get(name) ?? '',
        name.slice(name.lastIndexOf('-') + 1),
        ...args,
      ]),
    );
    return replies.map(answerOf);
  }
}

function answerOf(reply: Reply | undefined): unknown {
  if (reply?.ok !== true) throw refusalOf(reply?.refusal ?? 'ERR');
  if (reply.value === -1) throw new OutOfStep('another turn has begun');
  if (reply.value === -2) throw new OutOfStep('Redis is not as it was left');
  if (reply.value === -3) throw new RefusedByRedis('A key of a queue is not what it should be any more.');
  return reply.value;
}

function refusalOf(refusal: string): Error {
  // Somebody emptied Redis's memory of scripts: they are loaded at the next turn.
  if (refusal === 'NOSCRIPT') return new OutOfStep('the scripts are gone');
  return new RefusedByRedis(`Redis refused it (${refusal}).`);
}

/** Redis is not in the state that we left it in: what was done is read from there, and a new turn begins. */
export class OutOfStep extends Error {}

/** Redis forbids to go on; the message is a sentence for people. */
export class RefusedByRedis extends Error {}
