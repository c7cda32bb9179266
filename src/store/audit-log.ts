import type { Transaction } from 'kysely';
import {
  type AuditHead,
  type AuditRecord,
  EMPTY_HEAD,
  encodeRecord,
  headOf,
  isHashRight,
  parseRecord,
  sealEntry,
} from '../core/audit/record.ts';
import { type AuditReader, StoreError, type StoreTransaction } from '../ports/store.ts';
import type { Database, Tables } from './tables.ts';

const PAGE = 1000;

export function auditReader(database: Database): AuditReader {
  return {
    async auditHead() {
      return headAfter(await lastRecord(database));
    },

    async latestRecords(limit) {
      const rows = await database
        .selectFrom('audit_records')
        .selectAll()
        .orderBy('number', 'desc')
        .limit(limit)
        .execute();
      return rows.map(read);
    },

    async *auditLines(afterNumber = 0) {
      let after = afterNumber;
      for (;;) {
        const rows = await database
          .selectFrom('audit_records')
          .selectAll()
          .where('number', '>', after)
          .orderBy('number')
          .limit(PAGE)
          .execute();
        yield* rows;
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE) return;
        after = last.number;
      }
    },
  };
}

/** `key` seals what is added from now on. A chain that has the key's seal is never continued without it. */
export function auditWriter(
  tx: Transaction<Tables>,
  key: string | undefined,
): Pick<StoreTransaction, 'append'> {
  return {
    async append(entries) {
      const last = await lastRecord(tx);
      if (last !== undefined) requireSound(last, key);
      let head = headAfter(last);
      const rows: { number: number; line: string }[] = [];
      for (const entry of entries) {
        const record = sealEntry(entry, head, key);
        rows.push({ number: record.number, line: encodeRecord(record) });
        head = headOf(record);
      }
      if (rows.length > 0) await tx.insertInto('audit_records').values(rows).execute();
      return head;
    },
  };
}

/** Nothing is built on a record that was changed: that would lend it our seal. */
function requireSound(last: AuditRecord, key: string | undefined): void {
  const isRight = isHashRight(last, key);
  if (isRight === true) return;
  throw isRight === 'unknown'
    ? new StoreError(
        'audit_key',
        'The audit log is sealed with a key, and none is set: set AUDIT_KEY to it. Nothing was written.',
      )
    : new StoreError(
        'corrupt',
        `Record ${last.number} of the audit log, the last one, does not fit its hash: it was changed, or AUDIT_KEY is another than it was. Nothing was written; audit:verify tells more.`,
      );
}

function headAfter(record: AuditRecord | undefined): AuditHead {
  return record === undefined ? EMPTY_HEAD : headOf(record);
}

async function lastRecord(database: Database): Promise<AuditRecord | undefined> {
  const row = await database
    .selectFrom('audit_records')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : read(row);
}

function read({ number, line }: Tables['audit_records']): AuditRecord {
  const record = parseRecord(line);
  if (record?.number === number) return record;
  throw new StoreError(
    'corrupt',
    `Record ${number} of the audit log is not as it was written. Nothing was done; audit:verify tells more.`,
  );
}
