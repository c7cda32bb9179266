import { ReplyError } from 'ioredis';
import type { Connection } from './connect.ts';

export type Command = readonly [name: string, ...args: (string | number | Buffer)[]];

/** An answer, with every string in it as a Buffer, or the first word of Redis's refusal ("WRONGTYPE", "NOPERM", "ERR"). */
export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: string };

/** Redis answers a pipeline of ours in milliseconds; after this it hangs, and its late answers are of no use. */
const ANSWER_TIMEOUT_MS = 10_000;
/** One pipeline is one piece of work for Redis and one lump of memory for us. */
const MAX_PIPELINE = 1000;

/** Refusals that concern Redis as a whole, not this one command. */
const OUT_OF_ORDER: ReadonlySet<string> = new Set([
  'LOADING',
  'MASTERDOWN',
  'NOAUTH',
  'WRONGPASS',
  'BUSY',
  'CLUSTERDOWN',
  'MOVED',
]);

/** Sends commands in one go and waits for all answers. @throws {RedisUnavailable} */
export async function ask(connection: Connection, commands: readonly Command[]): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (let from = 0; from < commands.length; from += MAX_PIPELINE) {
    replies.push(...(await askOnce(connection, commands.slice(from, from + MAX_PIPELINE))));
  }
  return replies;
}

async function askOnce(connection: Connection, commands: readonly Command[]): Promise<Reply[]> {
  await connection.ready();
  const pipeline = connection.redis.pipeline();
  // Upper case keeps ioredis from making objects of hashes: their fields are other people's names.
  for (const [name, ...args] of commands) pipeline.callBuffer(name, ...args);
  const deadline = setTimeout(() => connection.redis.disconnect(true), ANSWER_TIMEOUT_MS);
  try {
    const socket = () => connection.redis.stream;
    const results = (await connection.load.count(commands.length, socket, () => pipeline.exec())) ?? [];
    return results.map(([error, value]) => replyOf(connection, error, value));
  } catch (error) {
    throw connection.unavailable(error);
  } finally {
    clearTimeout(deadline);
  }
}

function replyOf(connection: Connection, error: Error | null, value: unknown): Reply {
  if (error === null) return { ok: true, value };
  const refusal = error.message.split(' ', 1)[0] ?? 'ERR';
  if (!(error instanceof ReplyError) || OUT_OF_ORDER.has(refusal)) throw connection.unavailable(error);
  return { ok: false, refusal };
}
