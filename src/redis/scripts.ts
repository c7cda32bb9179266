import { readFileSync } from 'node:fs';
import type { PagePart } from '../core/sidekiq/page.ts';
import { ask, type Command, type Reply, wasRefused } from './ask.ts';
import type { Connection } from './connect.ts';

/** The note of an action is kept for longer than it can be interrupted and resumed. */
export const NOTE_LIFE_S = 30 * 86_400;

/**
 * A call of a script: its keys, as many as the number in its name says, then its arguments. Where the name has no number, how
 * many keys comes first.
 */
export type ScriptCall<Name extends string> = readonly [
  script: Name,
  ...args: (string | number | Buffer | PagePart)[],
];

/** The line of a script that stands for what it begins or ends with as others do. */
const AS_OTHERS = /^-- (?:begins|goes on) in (\S+)\.lua\n/m;

/** The scripts of an action, loaded into Redis once. */
export class Scripts<Name extends string> {
  readonly #connection: Connection;
  readonly #names: readonly Name[];
  readonly #texts: readonly string[];
  #hashes: ReadonlyMap<Name, string> = new Map();

  /** They lie beside the module `besideUrl`, as NAME.lua; what some begin or end with alike is a file of its own (`AS_OTHERS`). */
  constructor(connection: Connection, besideUrl: string, names: readonly Name[]) {
    this.#connection = connection;
    this.#names = names;
    const textOf = (name: string): string =>
      readFileSync(new URL(`./${name}.lua`, besideUrl), 'utf8').replace(AS_OTHERS, (_, part) => textOf(part));
    this.#texts = names.map(textOf);
  }

  /** @throws {RefusedByRedis} */
  async load(): Promise<void> {
    const replies = await ask(
      this.#connection,
      this.#texts.map((text) => ['SCRIPT', 'LOAD', text]),
    );
    this.#hashes = new Map(this.#names.map((name, index) => [name, String(answerOf(replies[index]))]));
  }

  /** Runs them one after another. Codes below zero become errors. @throws {RefusedByRedis | OutOfStep} */
  async run(calls: readonly ScriptCall<Name>[]): Promise<unknown[]> {
    return (await this.send(calls)).map(answerOf);
  }

  /** The same for whoever reads the codes and refusals: a call that was refused has done nothing. */
  send(calls: readonly ScriptCall<Name>[]): Promise<Reply[]> {
    const commands = calls.map(([name, ...args]): Command => {
      const keyCount = /-(\d+)$/.exec(name)?.[1];
      const hash = this.#hashes.get(name) ?? '';
      return keyCount === undefined ? ['EVALSHA', hash, ...args] : ['EVALSHA', hash, keyCount, ...args];
    });
    return ask(this.#connection, commands);
  }
}

function answerOf(reply: Reply | undefined): unknown {
  if (reply?.ok !== true) throw refusalOf(reply?.refusal ?? 'ERR');
  if (reply.value === -1) throw new OutOfStep('another turn has begun');
  if (reply.value === -2) throw new OutOfStep('Redis is not as it was left');
  if (reply.value === -3) throw new RefusedByRedis('A key of a queue is not what it should be any more.');
  return reply.value;
}

/** Redis's first word as an error of ours. */
export function refusalOf(refusal: string): RefusedByRedis | OutOfStep {
  // Somebody emptied Redis's memory of scripts: they are loaded at the next turn.
  if (refusal === 'NOSCRIPT') return new OutOfStep('the scripts are gone');
  if (refusal === 'OOM') return new RefusedByRedis('Redis is full and takes no more (OOM).');
  return new RefusedByRedis(`Redis refused it (${refusal}).`);
}

/** @throws {RefusedByRedis | OutOfStep} where Redis did not show what it was asked for (see `wasRefused`) */
export function mustBeRead(reply: Reply | undefined): void {
  if (wasRefused(reply)) throw refusalOf(reply.refusal);
}

/** Redis is not in the state that we left it in: what was done is read from there, and a new turn begins. */
export class OutOfStep extends Error {}

/** Redis forbids to go on; the message is a sentence for people. */
export class RefusedByRedis extends Error {}
