import type { Reply } from '../ask.ts';
import type { Connection } from '../connect.ts';
import { RefusedByRedis, refusalOf as refusalByRedis, type ScriptCall, Scripts } from '../scripts.ts';

const NAMES = ['begin-2', 'move-when-owner-gone', 'move-when-host-clear', 'take-back-2'] as const;
type Name = (typeof NAMES)[number];

export type Call = ScriptCall<Name>;

/** The scripts of the rescue. */
export function rescueScripts(connection: Connection): Scripts<Name> {
  return new Scripts(connection, import.meta.url, NAMES);
}

/** @throws {RefusedByRedis | OutOfStep} */
export function answerOf(reply: Reply | undefined): unknown {
  if (reply?.ok !== true) throw refusalOf(reply?.refusal ?? 'ERR');
  return reply.value;
}

/** As for any action, with what to do where Redis is full. */
export function refusalOf(refusal: string): Error {
  if (refusal !== 'OOM') return refusalByRedis(refusal);
  return new RefusedByRedis(
    'Redis is full and takes no job into any list: a purge of the class that fills it makes room, then propose this again.',
  );
}

/** Another bot has begun a turn of the same action. */
export class OtherTurn extends Error {}
