import { Page } from '../core/sidekiq/page.ts';
import { Spares } from '../core/spares.ts';

/** The array goes on in bytes that have not come yet. */
export const NOT_YET = -1;
/** It holds something else than strings. */
export const NO_PAGE = -2;

const [CARRIAGE_RETURN, LINE_FEED, BULK, MINUS, ZERO, NINE] = [0x0d, 0x0a, 0x24, 0x2d, 0x30, 0x39];
const [AT_SIGN, AT_DIGITS] = [0, 1];

const spares = new Spares(32 * 1024 ** 2);

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
    const [first, ...more] = this.#pieces;
    if (first !== undefined && more.length === 0) return new Page(first, this.#bounds);
    const bytes = spares.take(this.#sizeBytes);
    this.#copyTo(bytes);
    return new Page(bytes, this.#bounds, () => spares.giveBack(bytes));
  }

  /** All that was gone over, and what came behind it. */
  bytes(): Buffer {
    return Buffer.concat(this.#pieces, this.#sizeBytes);
  }

  #copyTo(bytes: Buffer): void {
    let at = 0;
    for (const piece of this.#pieces) at += piece.copy(bytes, at);
  }

  #keep(piece: Buffer, from: number, end: number): number {
    this.#pieces.push(piece.subarray(from));
    this.#sizeBytes += piece.length - from;
    return end;
  }
}
