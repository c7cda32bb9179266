import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AuditHead,
  EMPTY_HEAD,
  encodeRecord,
  formatHead,
  headOf,
  parseHead,
  parseRecord,
  sealEntry,
} from '../../../src/core/audit/record.ts';
import { type Sound, verifyChain } from '../../../src/core/audit/verify.ts';
import { chainOf, entryNumber, stored } from './chain.ts';

const CHAIN = chainOf(200);

function headAt(lines: readonly string[], count: number): AuditHead {
  const record = parseRecord(lines[count - 1] ?? '');
  if (record === undefined) throw new Error(`no record ${count}`);
  return headOf(record);
}

const HEAD = headAt(CHAIN, 200);

test('an untouched chain is sound, with its count and head', async () => {
  expect(await verifyChain(stored(CHAIN))).toEqual({
    type: 'sound',
    head: HEAD,
    seal: 'sha256',
    unkeyed: 200,
  });
  expect(await verifyChain([])).toMatchObject({ type: 'sound', head: { count: 0 } });
});

test('every single byte matters: any other byte in its place is found, and the record named', async () => {
  let after: Sound = { type: 'sound', head: EMPTY_HEAD, seal: 'sha256', unkeyed: 0 };
  for (const [index, line] of CHAIN.entries()) {
    const bytes = Buffer.from(line);
    for (let at = 0; at < bytes.length; at += 1) {
      const forged = Buffer.from(bytes);
      forged[at] = (forged[at] ?? 0) ^ (1 << (at % 8));
      const text = forged.toString('utf8');
      const verdict = await verifyChain([{ number: index + 1, line: text }], { after });
      expect(verdict, `record ${index + 1} byte ${at}: ${text}`).toMatchObject({
        type: 'broken',
        number: index + 1,
      });
    }
    const good = await verifyChain([{ number: index + 1, line }], { after });
    if (good.type === 'sound') after = good;
  }
  expect(after).toMatchObject({ head: HEAD });
});

test('what a reader might drop can’t be slipped into a record that is sealed', async () => {
  const [first = ''] = CHAIN;
  for (const put of ['{"__proto__":1,', '{"__proto__":{"x":1},', '{"a":1,', '{"constructor":1,']) {
    const line = first.replace('{', put);
    expect(await verifyChain(stored([line])), put).toMatchObject({ fault: 'changed', number: 1 });
  }
});

test('every removed record is found and named', async () => {
  for (let index = 0; index < 199; index += 1) {
    const verdict = await verifyChain(stored(CHAIN.toSpliced(index, 1)));
    expect(verdict).toMatchObject({ type: 'broken', number: index + 1, fault: 'removed' });
  }
});

test('every two swapped neighbours are found and named', async () => {
  for (let index = 0; index < 199; index += 1) {
    const verdict = await verifyChain(
      stored(CHAIN.toSpliced(index, 2, CHAIN[index + 1] ?? '', CHAIN[index] ?? '')),
    );
    expect(verdict).toMatchObject({ type: 'broken', number: index + 1, fault: 'reordered' });
  }
});

test('every duplicated record is found and named, wherever the copy stands', async () => {
  for (let index = 0; index < 200; index += 1) {
    const line = CHAIN[index] ?? '';
    const beside = await verifyChain(stored(CHAIN.toSpliced(index + 1, 0, line)));
    expect(beside).toMatchObject({ type: 'broken', number: index + 2, fault: 'inserted' });
    const atEnd = await verifyChain(stored([...CHAIN, line]));
    expect(atEnd).toMatchObject({ type: 'broken', number: 201, fault: 'inserted' });
  }
});

test('a cut tail is found with a head that was published', async () => {
  for (let count = 0; count < 200; count += 1) {
    const verdict = await verifyChain(stored(CHAIN.slice(0, count)), { expect: HEAD });
    expect(verdict).toMatchObject({ type: 'broken', number: count + 1, fault: 'cut' });
  }
});

test('a chain that has grown since its head was published is sound', async () => {
  expect(await verifyChain(stored(CHAIN), { expect: headAt(CHAIN, 120) })).toMatchObject({ type: 'sound' });
});

test('a tail that was written anew is found with a head that was published', async () => {
  let head = headAt(CHAIN, 150);
  const forged = CHAIN.slice(0, 150);
  for (let index = 151; index <= 220; index += 1) {
    const record = sealEntry({ ...entryNumber(index), result: 'forged' }, head, undefined);
    forged.push(encodeRecord(record));
    head = headOf(record);
  }
  expect(await verifyChain(stored(forged))).toMatchObject({ type: 'sound' });
  expect(await verifyChain(stored(forged), { expect: HEAD })).toMatchObject({ type: 'broken', number: 200 });
});

test('a record that was changed together with its hash is found at the next one', async () => {
  const forged = sealEntry({ ...entryNumber(80), result: 'forged' }, headAt(CHAIN, 79), undefined);
  const verdict = await verifyChain(stored(CHAIN.toSpliced(79, 1, encodeRecord(forged))));
  expect(verdict).toMatchObject({ type: 'broken', number: 81, fault: 'changed' });
});

test('a record that is stored under another number is found', async () => {
  const lines = stored(CHAIN).with(199, { number: 201, line: CHAIN[199] ?? '' });
  expect(await verifyChain(lines)).toMatchObject({ type: 'broken', number: 200, fault: 'changed' });
});

test('with a key nobody without it can write a chain that holds', async () => {
  const keyed = chainOf(20, 'correct horse');
  expect(await verifyChain(stored(keyed), { key: 'correct horse' })).toMatchObject({
    type: 'sound',
    unkeyed: 0,
  });
  expect(await verifyChain(stored(keyed), { key: 'wrong' })).toMatchObject({ type: 'broken', number: 1 });
  expect(await verifyChain(stored(keyed))).toMatchObject({ type: 'broken', number: 1, fault: 'key' });
  const anew = await verifyChain(stored(chainOf(20)), { key: 'correct horse' });
  expect(anew).toMatchObject({ type: 'broken', fault: 'key' });
  const unkeyedTail = sealEntry(entryNumber(21), headAt(keyed, 20), undefined);
  const tailed = await verifyChain(stored([...keyed, encodeRecord(unkeyedTail)]), { key: 'correct horse' });
  expect(tailed).toMatchObject({ type: 'broken', number: 21 });
});

test('a key that is set later seals from there on, and verify tells how many came before', async () => {
  const plain = chainOf(5);
  const keyed = encodeRecord(sealEntry(entryNumber(6), headAt(plain, 5), 'key'));
  expect(await verifyChain(stored([...plain, keyed]), { key: 'key' })).toMatchObject({
    type: 'sound',
    unkeyed: 5,
  });
});

test('any mixture of attacks on a chain is found when its head was published', async () => {
  const place = fc.nat(199);
  const attack = fc.oneof(
    fc.tuple(fc.constant('remove' as const), place, place),
    fc.tuple(fc.constant('copy' as const), place, place),
    fc.tuple(fc.constant('swap' as const), place, place),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(attack, { minLength: 1, maxLength: 5 }), async (attacks) => {
      let lines = [...CHAIN];
      for (const [kind, from, to] of attacks) {
        const [one, other] = [lines[from], lines[to]];
        if (one === undefined || other === undefined) continue;
        if (kind === 'remove') lines = lines.toSpliced(from, 1);
        if (kind === 'copy') lines = lines.toSpliced(to, 0, one);
        if (kind === 'swap') lines = lines.with(from, other).with(to, one);
      }
      const isSame = lines.length === CHAIN.length && lines.every((line, index) => line === CHAIN[index]);
      const verdict = await verifyChain(stored(lines), { expect: HEAD });
      expect(verdict.type).toBe(isSame ? 'sound' : 'broken');
    }),
    { numRuns: 60 },
  );
});

test('a published head is read back strictly', () => {
  expect(parseHead(formatHead(HEAD))).toEqual(HEAD);
  for (const text of [
    '',
    '200',
    `200:${'0'.repeat(63)}`,
    `0200:${HEAD.hash}`,
    `0:${HEAD.hash}`,
    `-1:${HEAD.hash}`,
  ]) {
    expect(parseHead(text)).toBeUndefined();
  }
});
