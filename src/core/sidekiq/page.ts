import type { Spares } from '../spares.ts';

/**
 * Payloads behind one another in the same bytes, with whatever may stand between them. An object for each of a million jobs
 * is what a purge would spend its time on, so a job is an index here, and becomes a Buffer only for who asks for it.
 */
export class Page {
  readonly bytes: Buffer;
  /** Where each begins and where it ends: two numbers a payload. */
  readonly #bounds: Int32Array;
  #spares: Spares | undefined;
  /** `spares`: where the bytes were taken from, if they were. */
  constructor(bytes: Buffer, bounds: Int32Array, spares?: Spares) {
    this.bytes = bytes;
    this.#bounds = bounds;
    this.#spares = spares;
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

  /** Whether the payload there is that one of the other page, byte for byte. */
  isSame(index: number, other: Page, otherIndex: number): boolean {
    const [start, end] = [other.start(otherIndex), other.end(otherIndex)];
    return this.bytes.compare(other.bytes, start, end, this.start(index), this.end(index)) === 0;
  }

  /** Some of its payloads, in the same bytes, which remain this page's to give back. */
  only(indexes: readonly number[]): Page {
    return new Page(
      this.bytes,
      Int32Array.from(indexes.flatMap((index) => [this.start(index), this.end(index)])),
    );
  }

  /** Without a copy. */
  payload(index: number): Buffer {
    return this.bytes.subarray(this.start(index), this.end(index));
  }

  /** Nobody looks at it any more, nor at a payload of it. Whoever forgets to say so makes work for the collector, no more. */
  giveBack(): void {
    this.#spares?.giveBack(this.bytes);
    this.#spares = undefined;
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
