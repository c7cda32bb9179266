/**
 * Payloads of one reply, behind one another in the same bytes. An object for each of a million jobs is what a purge would
 * spend its time on, so a job is an index here, and becomes a Buffer of its own only for who asks for it.
 */
export class Page {
  readonly bytes: Buffer;
  /** Where each begins and where it ends: two numbers a payload. */
  readonly #bounds: Int32Array;
  /** Nobody looks at it any more. Whoever forgets to say so makes work for the collector, no more. */
  readonly giveBack: () => void;

  /** `giveBack` is for bytes that others use again. */
  constructor(bytes: Buffer, bounds: Int32Array, giveBack: () => void = () => {}) {
    this.bytes = bytes;
    this.#bounds = bounds;
    this.giveBack = giveBack;
  }

  static of(payloads: readonly Uint8Array[]): Page {
    const bounds = new Int32Array(2 * payloads.length);
    let at = 0;
    payloads.forEach((payload, index) => {
      bounds[2 * index] = at;
      at += payload.length;
      bounds[2 * index + 1] = at;
    });
    return new Page(Buffer.concat(payloads, at), bounds);
  }

  get length(): number {
    return this.#bounds.length / 2;
  }

  start(index: number): number {
    return this.#bounds[2 * index] ?? 0;
  }

  end(index: number): number {
    return this.#bounds[2 * index + 1] ?? 0;
  }

  /** Without a copy. */
  payload(index: number): Buffer {
    return this.bytes.subarray(this.start(index), this.end(index));
  }

  payloads(): Buffer[] {
    return Array.from({ length: this.length }, (_, index) => this.payload(index));
  }
}

/** Some payloads of a page, in an order of their own. */
export class PagePart {
  readonly page: Page;
  readonly indexes: readonly number[];

  constructor(page: Page, indexes: readonly number[]) {
    this.page = page;
    this.indexes = indexes;
  }

  get length(): number {
    return this.indexes.length;
  }

  get sizeBytes(): number {
    let size = 0;
    for (const index of this.indexes) size += this.page.end(index) - this.page.start(index);
    return size;
  }
}
