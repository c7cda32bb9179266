import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import type { PagePart } from '../core/sidekiq/page.ts';
import { Spares } from '../core/spares.ts';
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
  readonly jobCount: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly body: Uint8Array;
};

/** Either all of them have a score or none. */
export async function encodeJobs(jobs: readonly JobBytes[]): Promise<EncodedJobs> {
  const hasScores = jobs[0]?.score !== undefined;
  const layout = new Layout(
    jobs.length,
    sum(jobs, ({ payload }) => payload.length),
    hasScores,
  );
  for (const { payload, score } of jobs) layout.add(payload, 0, payload.length, score);
  return layout.encode();
}

/** The same for jobs without scores, as they stand in pages. */
export async function encodeParts(parts: readonly PagePart[]): Promise<EncodedJobs> {
  const layout = new Layout(
    sum(parts, ({ length }) => length),
    sum(parts, ({ sizeBytes }) => sizeBytes),
    false,
  );
  for (const { page, indexes } of parts) {
    for (const index of indexes) layout.add(page.bytes, page.start(index), page.end(index), undefined);
  }
  return layout.encode();
}

/** Undefined for anything that was not encoded here. */
export function decodeJobs({ sha256, body }: Pick<EncodedJobs, 'sha256' | 'body'>): JobBytes[] | undefined {
  const raw = decompress(body);
  return raw === undefined || sha256Of(raw) !== sha256 ? undefined : readLayout(raw);
}

const spares = new Spares(4);

/** A chunk before it is compressed, to which its jobs are added one by one. */
class Layout {
  readonly #raw: Buffer;
  readonly #jobCount: number;
  readonly #hasScores: boolean;
  readonly #scoresAt: number;
  #index = 0;
  #at: number;

  constructor(jobCount: number, payloadBytes: number, hasScores: boolean) {
    this.#jobCount = jobCount;
    this.#hasScores = hasScores;
    this.#scoresAt = HEAD_BYTES + jobCount * SIZE_BYTES;
    this.#at = this.#scoresAt + (hasScores ? jobCount * SCORE_BYTES : 0);
    this.#raw = spares.take(this.#at + payloadBytes);
    this.#raw.write(MAGIC, 'latin1');
    this.#raw.writeUInt32LE(jobCount, 4);
    this.#raw.writeUInt8(hasScores ? 1 : 0, 8);
  }

  add(bytes: Uint8Array, start: number, end: number, score: number | undefined): void {
    const isScored = score !== undefined;
    if (isScored !== this.#hasScores) throw new TypeError('some jobs have a score and some have none');
    this.#raw.writeUInt32LE(end - start, HEAD_BYTES + this.#index * SIZE_BYTES);
    if (isScored) this.#raw.writeDoubleLE(score, this.#scoresAt + this.#index * SCORE_BYTES);
    this.#raw.set(bytes.subarray(start, end), this.#at);
    this.#at += end - start;
    this.#index += 1;
  }

  async encode(): Promise<EncodedJobs> {
    const raw = this.#raw;
    const sizeBytes = raw.length;
    const packed = {
      jobCount: this.#jobCount,
      sizeBytes,
      sha256: sha256Of(raw),
      body: await compress(raw, LEVEL_1),
    };
    spares.giveBack(raw);
    return packed;
  }
}

function sum<T>(parts: readonly T[], of: (part: T) => number): number {
  return parts.reduce((total, part) => total + of(part), 0);
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
