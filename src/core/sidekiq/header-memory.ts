/** What the bytes before a job's arguments mean; no class when they do not settle it. */
export type Header = { readonly bytes: string; readonly jobClass: string | undefined };

/** Headers are few where they help, one for each class and queue. Where every job has its own, remembering is waste. */
const MAX_HEADERS = 4096;
const MAX_HEADER_BYTES = 1024;
/** Headers that look alike at first sight are compared one by one; more than these are not remembered. */
const MAX_ALIKE = 16;

/**
 * Remembers headers by a hint (their length and two of their characters) and then compares all bytes: cheaper than a Map
 * by text, which would have to hash every header of a million jobs.
 */
export class HeaderMemory {
  readonly #read: (bytes: Buffer) => string | undefined;
  readonly #byHint = new Map<number, Header[]>();
  #size = 0;
  /** Jobs of a class often stand together. */
  #latest: Header | undefined;

  constructor(read: (bytes: Buffer) => string | undefined) {
    this.#read = read;
  }

  /** The header that stands there in the text (which is Latin-1: one character for each byte). */
  find(text: string, from: number, to: number): Header | undefined {
    if (to - from > MAX_HEADER_BYTES) return undefined;
    const bytes = text.slice(from, to);
    if (this.#latest?.bytes === bytes) return this.#latest;
    const hint = hintOf(text, from, to);
    const alike = this.#byHint.get(hint) ?? [];
    for (const header of alike) {
      if (header.bytes !== bytes) continue;
      this.#latest = header;
      return header;
    }
    if (this.#size === MAX_HEADERS || alike.length === MAX_ALIKE) return undefined;
    // By way of a Buffer, since a mere slice would keep the whole text in memory.
    const copy = Buffer.from(bytes, 'latin1');
    const header = { bytes: copy.toString('latin1'), jobClass: this.#read(copy) };
    this.#byHint.set(hint, [...alike, header]);
    this.#size += 1;
    return header;
  }
}

/** The class usually comes last, and class names often end alike ("Job"): so a little before the end. */
function hintOf(text: string, from: number, to: number): number {
  const near = text.charCodeAt(Math.max(from, to - 7));
  const far = text.charCodeAt(Math.max(from, to - 12));
  return (to - from) * 65_536 + near * 256 + far;
}
