/**
 * Finds the same bytes again and again (Horspool's algorithm): most of what is looked through is never touched. The engine's
 * own search costs four times as much, for it begins anew with each call, and at a quote mark in every field.
 */
export class Needle {
  readonly #bytes: Uint8Array;
  /** By the byte that stands where the needle would end: how far on it can end next. */
  readonly #steps: Uint32Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const last = bytes.length - 1;
    this.#steps = new Uint32Array(256).fill(bytes.length);
    for (let index = 0; index < last; index += 1) this.#steps[bytes[index] ?? 0] = last - index;
  }

  /** Where it stands first from there on; -1 if it does not. */
  indexIn(bytes: Uint8Array, from: number): number {
    const needle = this.#bytes;
    const steps = this.#steps;
    const last = needle.length - 1;
    const end = needle[last];
    for (let at = from + last; at < bytes.length; ) {
      const byte = bytes[at] ?? 0;
      if (byte === end) {
        let index = last - 1;
        while (index >= 0 && bytes[at - last + index] === needle[index]) index -= 1;
        if (index < 0) return at - last;
      }
      at += steps[byte] ?? 1;
    }
    return -1;
  }
}
