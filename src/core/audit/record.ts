import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { encodeCanonical, parseCanonical } from '../canonical.ts';
import { type Entry, entryShape } from './entry.ts';

/**
 * One line of the audit log: an entry, its number, and two hashes. `hash` covers everything else in the line, and
 * `previousHash` is the hash of the line before, so no line can be changed, removed, moved or added without the lines
 * after it telling. `seal` says how `hash` is made: SHA-256, which anybody can check (and make), or HMAC-SHA-256, which
 * takes the key.
 *
 *   {"atMs":1700000000000,"fingerprint":null,"hash":"…","number":1,"previousHash":"000…","proposalId":null,
 *    "result":"version 0.1.0","seal":"sha256","sidekiq":null,"what":"bot started","where":"bot",
 *    "who":{"id":"poison-control","name":"Poison Control"},"why":""}     (in one line, canonical: core/canonical.ts)
 */
const hexDigest = z.string().regex(/^[0-9a-f]{64}$/);

const recordShape = {
  ...entryShape,
  number: z.int().positive(),
  seal: z.enum(['sha256', 'hmac-sha256']),
  previousHash: hexDigest,
  hash: hexDigest,
} as const;

/** What a newer version tells more stays in it: the hash covers that too. */
const readRecord = z.looseObject({ ...recordShape, who: entryShape.who.loose() });

const record = z.object(recordShape);
export type AuditRecord = Readonly<z.output<typeof record>>;
export type Seal = AuditRecord['seal'];

/** The end of a chain: how many records, and the hash of the last. */
export type AuditHead = { readonly count: number; readonly hash: string };

export const EMPTY_HEAD: AuditHead = { count: 0, hash: '0'.repeat(64) };

/** The next record after `head`, sealed with the key if there is one. */
export function sealEntry(entry: Entry, head: AuditHead, key: string | undefined): AuditRecord {
  const seal: Seal = key === undefined ? 'sha256' : 'hmac-sha256';
  const body = { ...entry, number: head.count + 1, previousHash: head.hash, seal };
  return { ...body, hash: hashOf(body, key) };
}

export function headOf(record: AuditRecord): AuditHead {
  return { count: record.number, hash: record.hash };
}

export function encodeRecord(record: AuditRecord): string {
  return encodeCanonical(record);
}

/**
 * The strict reader: undefined for any line that `encodeRecord` of this version or a newer one would not have written. All that
 * stands in the line is in the record, or a hash could be right that does not cover it.
 */
export function parseRecord(line: string): AuditRecord | undefined {
  const record = readRecord.safeParse(parseCanonical(line)).data;
  return record !== undefined && encodeRecord(record) === line ? record : undefined;
}

/** Is its hash the one of its content? 'unknown' when the key is needed and not there. */
export function isHashRight(record: AuditRecord, key: string | undefined): boolean | 'unknown' {
  const { hash, ...body } = record;
  if (record.seal === 'sha256') return hash === hashOf(body, undefined);
  return key === undefined ? 'unknown' : hash === hashOf(body, key);
}

/** "COUNT:HASH", as it is published for a second witness. */
export function formatHead({ count, hash }: AuditHead): string {
  return `${count}:${hash}`;
}

export function parseHead(text: string): AuditHead | undefined {
  const parts = /^(0|[1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text.trim());
  if (parts === null) return undefined;
  const head = { count: Number(parts[1]), hash: parts[2] ?? '' };
  return head.count > 0 || head.hash === EMPTY_HEAD.hash ? head : undefined;
}

function hashOf(body: Omit<AuditRecord, 'hash'>, key: string | undefined): string {
  const text = encodeCanonical(body);
  const digest = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  return digest.update(text).digest('hex');
}
