/** Sizes are rounded up to this, so that what one page leaves is large enough for the next. */
const GRAIN_BYTES = 64 * 1024;

/**
 * Large buffers that are used again. The collector counts what buffers hold, so whoever takes a new one for each page of a
 * million jobs makes it go through everything every few dozen pages: a fifth of a purge's time.
 */
export class Spares {
  readonly #mostBytes: number;
  readonly #free: Buffer[] = [];
  #sizeBytes = 0;

  /** At most so much is kept for later. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** As large as asked for; what is in it is left over from others. */
  take(sizeBytes: number): Buffer {
    const index = this.#free.findLastIndex(({ length }) => length >= sizeBytes);
    const [spare] = index === -1 ? [] : this.#free.splice(index, 1);
    if (spare === undefined) {
      const rounded = Math.ceil(sizeBytes / GRAIN_BYTES) * GRAIN_BYTES;
      return Buffer.allocUnsafeSlow(rounded).subarray(0, sizeBytes);
    }
    this.#sizeBytes -= spare.length;
    return spare.subarray(0, sizeBytes);
  }

  /** What was taken here and is not looked at any more by anybody. */
  giveBack(buffer: Buffer): void {
    const whole = Buffer.from(buffer.buffer as ArrayBuffer);
    if (this.#sizeBytes + whole.length > this.#mostBytes) return;
    this.#free.push(whole);
    this.#sizeBytes += whole.length;
  }
}
