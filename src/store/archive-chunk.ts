import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import type { JobBytes } from '../ports/archive.ts';

/**
 * How jobs lie in a chunk, so that what leaves Redis can be put back byte for byte. All numbers are little-endian:
 *
 *   4 bytes          "PCJ1"
 *   u32              n, how many jobs
 *   u8               1 when each has a score, else 0
 *   n times u32      the size of each payload in bytes
 *   n times f64      the score of each, if they have one (exact: Redis's scores are doubles)
 *   all payloads     one behind the other, as they were in Redis
 *
 * The whole of it is one zstd frame, and `sha256` is of what is inside the frame. Two jobs "a" (due at 2.5) and "bc" (due
 * at 3) are, before compression:
 *
 *   50434a31 02000000 01 01000000 02000000 0000000000000440 0000000000000840 61 6263
 */
const MAGIC = 'PCJ1';
const HEAD_BYTES = 9;
const SIZE_BYTES = 4;
const SCORE_BYTES = 8;
/** An engine's chunk has a few megabytes; a frame that swells beyond this is none of ours. */
const MAX_CHUNK_BYTES = 1024 ** 3;

/** Level 1 is the fastest and for jobs also the smallest (performance.md, 6). */
const LEVEL_1 = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const compress = promisify(zstdCompress);

export type EncodedJobs = {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly body: Uint8Array;
};

/** Either all of them have a score or none. */
export async function encodeJobs(jobs: readonly JobBytes[]): Promise<EncodedJobs> {
  const raw = layOut(jobs);
  return { sizeBytes: raw.length, sha256: sha256Of(raw), body: await compress(raw, LEVEL_1) };
}

/** Undefined for anything that `encodeJobs` did not write. */
export function decodeJobs({ sha256, body }: Pick<EncodedJobs, 'sha256' | 'body'>): JobBytes[] | undefined {
  const raw = decompress(body);
  return raw === undefined || sha256Of(raw) !== sha256 ? undefined : readLayout(raw);
}

function layOut(jobs: readonly JobBytes[]): Buffer {
  const hasScores = jobs[0]?.score !== undefined;
  let size = HEAD_BYTES + jobs.length * (SIZE_BYTES + (hasScores ? SCORE_BYTES : 0));
  let at = size;
  for (const { payload } of jobs) size += payload.length;
  const raw = Buffer.allocUnsafe(size);
  raw.write(MAGIC, 'latin1');
  raw.writeUInt32LE(jobs.length, 4);
  raw.writeUInt8(hasScores ? 1 : 0, 8);
  const scoresAt = HEAD_BYTES + jobs.length * SIZE_BYTES;
  jobs.forEach(({ payload, score }, index) => {
    if ((score !== undefined) !== hasScores) throw new TypeError('some jobs have a score and some have none');
    raw.writeUInt32LE(payload.length, HEAD_BYTES + index * SIZE_BYTES);
    if (score !== undefined) raw.writeDoubleLE(score, scoresAt + index * SCORE_BYTES);
    raw.set(payload, at);
    at += payload.length;
  });
  return raw;
}

function readLayout(raw: Buffer): JobBytes[] | undefined {
  if (raw.length < HEAD_BYTES || raw.toString('latin1', 0, 4) !== MAGIC) return undefined;
  const count = raw.readUInt32LE(4);
  const hasScores = raw.readUInt8(8);
  if (hasScores > 1) return undefined;
  const scoresAt = HEAD_BYTES + count * SIZE_BYTES;
  let at = scoresAt + count * hasScores * SCORE_BYTES;
  if (at > raw.length) return undefined;
  const jobs: JobBytes[] = [];
  for (let index = 0; index < count; index += 1) {
    const end = at + raw.readUInt32LE(HEAD_BYTES + index * SIZE_BYTES);
    if (end > raw.length) return undefined;
    const score = hasScores === 1 ? raw.readDoubleLE(scoresAt + index * SCORE_BYTES) : undefined;
    jobs.push({ payload: raw.subarray(at, end), score });
    at = end;
  }
  return at === raw.length ? jobs : undefined;
}

function decompress(body: Uint8Array): Buffer | undefined {
  try {
    return zstdDecompressSync(body, { maxOutputLength: MAX_CHUNK_BYTES });
  } catch {
    return undefined;
  }
}

function sha256Of(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex');
}
