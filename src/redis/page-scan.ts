import { Page } from '../core/sidekiq/page.ts';
import { Spares } from '../core/spares.ts';
import { BULK, CARRIAGE_RETURN, LINE_FEED, MINUS, NINE, ZERO } from './resp-signs.ts';

/** The array goes on in bytes that have not come yet. */
export const NOT_YET = -1;
/** It holds something else than strings. */
export const NO_PAGE = -2;

const [AT_SIGN, AT_DIGITS] = [0, 1];
/** Two steps of a purge, and what is being read. */
const MOST_SPARES = 100;
/** What the bounds can say. */
const MOST_BYTES = 2 ** 31 - 1;

const spares = new Spares(MOST_SPARES);

/**
 * Goes over one array of strings, from behind its length, in whatever pieces it comes: it looks at each length and skips what
 * is that long. Its bytes are put together once, when the last piece is there.
 */
export class PageScan {
  readonly length: number;
  readonly #bounds: Int32Array;
  readonly #pieces: Buffer[] = [];
  #sizeBytes = 0;
  #count = 0;
  #state = AT_SIGN;
  /** Of the string whose length is being read. */
  #digits = 0;
  /** So much of the string, and of the end of its line, is still to come. */
  #skip = 0;

  constructor(length: number) {
    this.length = length;
    this.#bounds = new Int32Array(2 * length);
  }

  /** Where it ends in this piece, which is the next one. @throws {TypeError} at what is no RESP 2 */
  over(piece: Buffer, from: number): number {
    const origin = this.#sizeBytes - from;
    const size = piece.length;
    let at = from + this.#skip;
    for (; at < size; at += 1) {
      if (this.#count === this.length && this.#state === AT_SIGN) break;
      const byte = piece[at] ?? 0;
      if (this.#state === AT_SIGN) {
        if (byte !== BULK) return this.#keep(piece, from, NO_PAGE);
        this.#state = AT_DIGITS;
        this.#digits = 0;
      } else if (byte >= ZERO && byte <= NINE) this.#digits = this.#digits * 10 + byte - ZERO;
      else if (byte === LINE_FEED) {
        const start = origin + at + 1;
        if (start + this.#digits > MOST_BYTES) throw new TypeError('a reply of more than 2 GB');
        this.#bounds[2 * this.#count] = start;
        this.#bounds[2 * this.#count + 1] = start + this.#digits;
        this.#count += 1;
        this.#state = AT_SIGN;
        at += this.#digits + 2;
      } else if (byte === MINUS) return this.#keep(piece, from, NO_PAGE);
      else if (byte !== CARRIAGE_RETURN) throw new TypeError('a length is no number');
    }
    this.#skip = Math.max(0, at - size);
    const isWhole = this.#count === this.length && this.#state === AT_SIGN && at <= size;
    if (!isWhole) return this.#keep(piece, from, NOT_YET);
    this.#keep(piece.subarray(0, at), from, at);
    return at;
  }

  page(): Page {
    if (this.#pieces.length === 1) return new Page(this.bytes(), this.#bounds);
    const bytes = spares.take(this.#sizeBytes);
    let at = 0;
    for (const piece of this.#pieces) at += piece.copy(bytes, at);
    return new Page(bytes, this.#bounds, spares);
  }

  /** All that was gone over, and what came behind it. */
  bytes(): Buffer {
    const [first, ...more] = this.#pieces;
    return first !== undefined && more.length === 0 ? first : Buffer.concat(this.#pieces, this.#sizeBytes);
  }

  #keep(piece: Buffer, from: number, end: number): number {
    this.#pieces.push(piece.subarray(from));
    this.#sizeBytes += piece.length - from;
    return end;
  }
}
