import { judgeClock } from './clock.ts';
import { type Finding, good, warning, wrong } from './finding.ts';

export type StoreFacts = {
  readonly kind: 'sqlite' | 'postgres';
  /** undefined: there is none yet. */
  readonly schema: { readonly number: number; readonly isUsable: boolean } | undefined;
  readonly knownSchema: number;
  readonly isWritable: boolean;
  readonly freeBytes: number | undefined;
  readonly clockAheadMs: number | undefined;
};

const STORE = 'store';
/** The archive of a large purge takes some hundred megabytes. */
const LITTLE_ROOM_BYTES = 1024 ** 3;

export function judgeStore(facts: StoreFacts): readonly Finding[] {
  return [
    ofSchema(facts),
    facts.isWritable
      ? good(STORE, 'It can be written.')
      : wrong(
          STORE,
          'It can’t be written, and without a record nothing is carried out.',
          facts.kind === 'sqlite'
            ? 'Give the bot’s user the file and its folder.'
            : 'Is it a standby? Name the primary, and a user who owns the tables.',
        ),
    ...(facts.freeBytes !== undefined && facts.freeBytes < LITTLE_ROOM_BYTES
      ? [
          warning(
            STORE,
            `Only ${Math.round(facts.freeBytes / 1024 / 1024)} MB are free where it lies.`,
            'Make room: what a purge removes is kept there.',
          ),
        ]
      : []),
    // SQLite has the clock of this machine.
    ...(facts.kind === 'postgres' ? [judgeClock(STORE, 'Its', facts.clockAheadMs)] : []),
  ];
}

function ofSchema({ schema, knownSchema }: StoreFacts): Finding {
  if (schema === undefined)
    return good(STORE, 'It is empty yet; the bot makes its tables at its first start.');
  const { number, isUsable } = schema;
  if (!isUsable) {
    return wrong(
      STORE,
      `Its schema is ${number}, and this version knows ${knownSchema}: a newer version wrote it, which this one can’t work beside.`,
      'Run that version or a later one.',
    );
  }
  if (number > knownSchema) {
    return warning(
      STORE,
      `Its schema is ${number}, and this version knows ${knownSchema}: a newer version wrote it, and this one can be started on it.`,
      'Nothing while bots are replaced, or put back, one after another.',
    );
  }
  if (number < knownSchema) {
    return warning(
      STORE,
      `Its schema is ${number}, and this version brings it to ${knownSchema} at its start.`,
      'Take a backup first (docs/guides/operations.md).',
    );
  }
  return good(STORE, `Its schema is ${number}, as this version needs it.`);
}
