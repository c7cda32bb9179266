import { Page } from '../core/sidekiq/page.ts';
import type { Command } from './command.ts';
import type { Connection } from './connect.ts';
import type { Answer } from './wire.ts';

export type { Command } from './command.ts';

/** An answer, with every string in it as a Buffer (an array of strings may be a `Page` to `askPages`), or the first word of Redis's refusal ("WRONGTYPE", "NOPERM", "ERR"). */
export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: string };

/** A read that was refused saw nothing, which is not the same as that nothing is there. A key of another type holds no jobs. */
export function wasRefused(reply: Reply | undefined): reply is Extract<Reply, { ok: false }> {
  return reply?.ok === false && reply.refusal !== 'WRONGTYPE';
}

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
  const replies = await askPages(connection, commands);
  return replies.map((reply) =>
    reply.ok && reply.value instanceof Page ? { ok: true, value: reply.value.payloads() } : reply,
  );
}

/** The same; what is an array of strings stays a page. @throws {RedisUnavailable} */
export async function askPages(connection: Connection, commands: readonly Command[]): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (let from = 0; from < commands.length; from += MAX_PIPELINE) {
    const answers = await exchange(connection, commands.slice(from, from + MAX_PIPELINE));
    for (const answer of answers) replies.push(replyOf(connection, answer));
  }
  return replies;
}

async function exchange(connection: Connection, commands: readonly Command[]): Promise<readonly Answer[]> {
  try {
    await connection.ready();
    return await connection.load.count(
      commands.length,
      () => connection.redis.stream,
      () => connection.exchange(commands),
    );
  } catch (error) {
    throw connection.unavailable(error);
  }
}

function replyOf(connection: Connection, answer: Answer): Reply {
  if (!('error' in answer)) return { ok: true, value: answer.value };
  const refusal = answer.error.split(' ', 1)[0] ?? 'ERR';
  if (OUT_OF_ORDER.has(refusal)) throw connection.unavailable(new Error(answer.error));
  return { ok: false, refusal };
}
