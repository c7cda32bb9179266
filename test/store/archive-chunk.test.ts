import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeJobs, encodeJobs } from '../../src/store/archive-chunk.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const TWO = [
  { payload: bytes('a'), score: 2.5 },
  { payload: bytes('bc'), score: 3 },
];
/** The example in archive-chunk.ts. */
const LAID_OUT = '50434a3102000000010100000002000000000000000000044000000000000008406162' + '63';

function sealed(raw: Buffer) {
  return { sha256: createHash('sha256').update(raw).digest('hex'), body: zstdCompressSync(raw) };
}

test('a chunk is laid out as its format says', async () => {
  const { body, sizeBytes } = await encodeJobs(TWO);
  expect(zstdDecompressSync(body).toString('hex')).toBe(LAID_OUT);
  expect(sizeBytes).toBe(LAID_OUT.length / 2);
  expect(decodeJobs(sealed(Buffer.from(LAID_OUT, 'hex')))).toEqual(TWO);
});

test('payloads come back byte for byte, whatever is in them', async () => {
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const odd = [
    Buffer.alloc(0),
    everyByte,
    bytes('\xff\xfe{"class"'),
    everyByte,
    Buffer.alloc(3_000_000, '{"a":1}'),
  ];
  const jobs = odd.map((payload) => ({ payload, score: undefined }));
  expect(decodeJobs(await encodeJobs(jobs))).toEqual(jobs);
});

test('scores come back exactly', async () => {
  const scores = [0, -1.5, 1795454560.7721002, Number.MAX_SAFE_INTEGER, 5e-324, Number.POSITIVE_INFINITY];
  const jobs = scores.map((score) => ({ payload: bytes('{}'), score }));
  expect(decodeJobs(await encodeJobs(jobs))).toEqual(jobs);
});

test('a chunk in which any byte was changed, lost or added is not read', async () => {
  const { body, sha256 } = await encodeJobs(TWO);
  for (let at = 0; at < body.length; at += 1) {
    const changed = Buffer.from(body);
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    const read = decodeJobs({ sha256, body: changed });
    // A bit that zstd itself ignores changes nothing that is inside.
    expect(read === undefined || JSON.stringify(read) === JSON.stringify(TWO)).toBe(true);
    expect(decodeJobs({ sha256, body: body.subarray(0, at) })).toBeUndefined();
  }
  expect(
    decodeJobs({ sha256: sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')), body }),
  ).toBeUndefined();
});

test('a chunk whose own numbers do not fit is not read, though its hash is right', () => {
  const wrong = [
    '',
    LAID_OUT.slice(0, 16),
    LAID_OUT.slice(0, -2),
    `${LAID_OUT}00`,
    LAID_OUT.replace('50434a31', '50434a32'),
    LAID_OUT.replace('02000000', '03000000'),
    LAID_OUT.replace('02000000', 'ffffffff'),
    LAID_OUT.replace('0000000101', '0000000201'),
    LAID_OUT.replace('0101000000', '01ffffff7f'),
  ];
  for (const hex of wrong) expect(decodeJobs(sealed(Buffer.from(hex, 'hex'))), hex).toBeUndefined();
});

test('jobs with a score and jobs without are never mixed', async () => {
  await expect(encodeJobs([...TWO, { payload: bytes('d'), score: undefined }])).rejects.toThrow(TypeError);
});

test('typical jobs shrink to a fifth or less', async () => {
  const jobs = Array.from({ length: 2000 }, (_, index) => ({
    payload: bytes(typicalJob(index)),
    score: undefined,
  }));
  const { sizeBytes, body } = await encodeJobs(jobs);
  expect(sizeBytes / body.length).toBeGreaterThan(5);
});

/** 300 bytes as Sidekiq 7 writes them, with a random jid, times and ids. */
function typicalJob(index: number): string {
  const jid = createHash('sha256').update(String(index)).digest('hex').slice(0, 24);
  const seconds = 1_795_454_560 + index / 97;
  return JSON.stringify({
    retry: true,
    queue: 'maintenance',
    class: 'Recurring::DisasterJob',
    args: [
      index * 7919,
      { company_id: index % 500, period: '2026-11', mode: 'full', requested_by: 'scheduler' },
    ],
    jid,
    tags: ['recurring', 'payroll'],
    created_at: seconds,
    enqueued_at: seconds + 0.0004,
  });
}
