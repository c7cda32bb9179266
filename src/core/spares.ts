/** Sizes are rounded up to this, so that what one page leaves is large enough for the next. */
const GRAIN_BYTES = 64 * 1024;

/**
 * Large buffers that are used again. The collector counts what buffers hold, so whoever takes a new one for each page of a
 * million jobs makes it go through everything every few dozen pages: a fifth of a purge's time. When it does go through
 * everything it may have the spares, too: nobody holds them but by a weak reference.
 */
export class Spares {
  readonly #most: number;
  readonly #free: WeakRef<Buffer>[] = [];

  /** At most so many are kept for later. */
  constructor(most: number) {
    this.#most = most;
  }

  /** As large as asked for; what is in it is left over from others. */
  take(sizeBytes: number): Buffer {
    for (let index = this.#free.length - 1; index >= 0; index -= 1) {
      const spare = this.#free[index]?.deref();
      if (spare !== undefined && spare.length < sizeBytes) continue;
      this.#free.splice(index, 1);
      if (spare !== undefined) return spare.subarray(0, sizeBytes);
    }
    const rounded = Math.ceil(sizeBytes / GRAIN_BYTES) * GRAIN_BYTES;
    return Buffer.allocUnsafeSlow(rounded).subarray(0, sizeBytes);
  }

  /** What was taken here, and is not looked at any more by anybody. */
  giveBack(buffer: Buffer): void {
    if (this.#free.length < this.#most)
      this.#free.push(new WeakRef(Buffer.from(buffer.buffer as ArrayBuffer)));
  }
}
