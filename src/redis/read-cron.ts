import type { CronEntry } from '../core/actions/purge-found.ts';
import type { SidekiqKeys } from '../core/sidekiq/keys.ts';
import { answer, type Faults, namesIn } from './answers.ts';
import { ask, type Command } from './ask.ts';
import type { Connection } from './connect.ts';

/** More entries than any application has. */
const MAX_ENTRIES = 2000;
/** They are put into messages. */
const MAX_NAME = 200;
const FIELDS = ['klass', 'cron', 'status'] as const;

/**
 * sidekiq-cron's entries that enqueue a class (reference: 8.3). Its namespaces have no register, so of those only the
 * default one is looked into; the members of its sets are the keys of the entries, or bare names.
 */
export async function readCronEntries(
  connection: Connection,
  keys: SidekiqKeys,
  jobClass: string,
  faults: Faults,
): Promise<readonly CronEntry[]> {
  const sets = keys.cronSets;
  const replies = await ask(
    connection,
    sets.map((key): Command => ['SMEMBERS', key]),
  );
  const entries = sets.flatMap((set, index) =>
    namesIn(answer(replies[index], set, faults, 'set'), set, faults).map((member) =>
      keys.cronEntry(set, member),
    ),
  );
  const known = [...new Set(entries)].slice(0, MAX_ENTRIES);
  const answers = await ask(
    connection,
    known.flatMap((key) => FIELDS.map((field): Command => ['HGET', key, field])),
  );
  return known.flatMap((key, index): CronEntry[] => {
    const [klass, cron, status] = FIELDS.map((_, at) => {
      const value = answer(answers[index * FIELDS.length + at], key, faults, 'hash');
      return Buffer.isBuffer(value) ? value.toString('utf8') : '';
    });
    if (klass !== jobClass) return [];
    const name = key.slice(key.lastIndexOf(':') + 1).slice(0, MAX_NAME);
    return [{ name, cron: (cron ?? '').slice(0, MAX_NAME), isEnabled: status !== 'disabled' }];
  });
}
