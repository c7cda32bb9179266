import type { Connection } from '../connect.ts';
import { type ScriptCall, Scripts } from '../scripts.ts';

const NAMES = ['begin-2', 'ready-2', 'remove-3', 'park-4', 'give-back-5'] as const;

export type Call = ScriptCall<(typeof NAMES)[number]>;

/** The scripts of the purge. */
export function purgeScripts(connection: Connection): Scripts<(typeof NAMES)[number]> {
  return new Scripts(connection, import.meta.url, NAMES);
}
