import {
  type AuditHead,
  type AuditRecord,
  EMPTY_HEAD,
  formatHead,
  headOf,
  isHashRight,
  parseRecord,
  type Seal,
} from './record.ts';

/** A line with the number under which it was stored; of an exported file, the number of the line. */
export type StoredLine = { readonly number: number; readonly line: string };

/** How far a chain was found sound; a later check can go on from here. `unkeyed` counts records without a key's seal. */
export type Sound = {
  readonly type: 'sound';
  readonly head: AuditHead;
  readonly seal: Seal;
  readonly unkeyed: number;
};

export type Verdict = Sound | Broken;

const NOTHING_YET: Sound = { type: 'sound', head: EMPTY_HEAD, seal: 'sha256', unkeyed: 0 };

/** The first record that is not as it was written. */
type Broken = {
  readonly type: 'broken';
  /** Its number; of a cut chain, the first that is missing. */
  readonly number: number;
  readonly fault: 'changed' | 'removed' | 'reordered' | 'inserted' | 'cut' | 'key';
  readonly sentence: string;
};

export type VerifyOptions = {
  readonly key?: string | undefined;
  readonly expect?: AuditHead | undefined;
  /** The lines begin after what was found sound before. */
  readonly after?: Sound;
};

/**
 * Reads a whole chain, one line at a time. `expect` is a head that was published earlier: the chain must reach it and
 * have that very hash there, which is what finds a tail that was cut off or a chain that was written anew.
 */
export async function verifyChain(
  lines: AsyncIterable<StoredLine> | Iterable<StoredLine>,
  { key, expect, after = NOTHING_YET }: VerifyOptions = {},
): Promise<Verdict> {
  let { head, seal, unkeyed } = after;
  let gap: Gap | undefined;
  for await (const stored of lines) {
    // A gap is either a removal or a swap: the missing record may still come. Only then the rest is read for it.
    if (gap !== undefined) {
      if (parseRecord(stored.line)?.number === gap.missing) return reordered(gap.missing);
      continue;
    }
    const step = checkLine(stored, head, seal, key);
    if (step.type === 'gap') gap = step;
    else if (step.type === 'broken') return step;
    else {
      if (expect?.count === step.record.number && expect.hash !== step.record.hash) return rewritten(expect);
      head = headOf(step.record);
      seal = step.record.seal;
      if (seal === 'sha256') unkeyed += 1;
    }
  }
  if (gap !== undefined) return removed(gap);
  if (expect !== undefined && head.count < expect.count) return cut(head, expect);
  if (key !== undefined && head.count > 0 && seal === 'sha256') return keyUnused(head);
  return { type: 'sound', head, seal, unkeyed };
}

type Gap = { readonly type: 'gap'; readonly missing: number; readonly found: number };
type Step = { readonly type: 'good'; readonly record: AuditRecord } | Gap | Broken;

function checkLine(stored: StoredLine, head: AuditHead, seal: Seal, key: string | undefined): Step {
  const expected = head.count + 1;
  const record = parseRecord(stored.line);
  if (record === undefined) return changed(expected, 'is not in the form in which records are written');
  const isRight = isHashRight(record, key);
  if (isRight === 'unknown') {
    const sentence = `Record ${expected} is sealed with a key, and no key was given: set AUDIT_KEY.`;
    return { type: 'broken', number: expected, fault: 'key', sentence };
  }
  if (!isRight) return changed(expected, 'does not fit its hash');
  if (record.number > expected) return { type: 'gap', missing: expected, found: record.number };
  if (record.number < expected) {
    const sentence = `Record ${expected} was inserted: it is record ${record.number} again.`;
    return { type: 'broken', number: expected, fault: 'inserted', sentence };
  }
  if (record.previousHash !== head.hash) return changed(expected, 'does not follow the record before it');
  if (stored.number !== record.number)
    return changed(expected, `is stored under the number ${stored.number}`);
  if (seal === 'hmac-sha256' && record.seal === 'sha256')
    return changed(expected, 'lost the seal of the key');
  return { type: 'good', record };
}

function changed(number: number, how: string): Broken {
  return { type: 'broken', number, fault: 'changed', sentence: `Record ${number} was changed: it ${how}.` };
}

function removed({ missing, found }: Gap): Broken {
  const which = found === missing + 1 ? `Record ${missing} was` : `Records ${missing} to ${found - 1} were`;
  const sentence = `${which} removed: record ${found} comes in its place.`;
  return { type: 'broken', number: missing, fault: 'removed', sentence };
}

function reordered(number: number): Broken {
  const sentence = `Record ${number} was moved: it comes later than it should.`;
  return { type: 'broken', number, fault: 'reordered', sentence };
}

function cut(head: AuditHead, expect: AuditHead): Broken {
  const sentence = `The chain was cut: it ends after record ${head.count}, and ${formatHead(expect)} was published.`;
  return { type: 'broken', number: head.count + 1, fault: 'cut', sentence };
}

function rewritten(expect: AuditHead): Broken {
  return changed(expect.count, `is not the record that was published as ${formatHead(expect)}`);
}

function keyUnused(head: AuditHead): Broken {
  const sentence =
    `Record ${head.count} lacks the seal of the key that is set: the chain was written anew without it, ` +
    'or the bot has not run since the key was set.';
  return { type: 'broken', number: head.count, fault: 'key', sentence };
}
