import { NOWHERE, QUOTE } from './json-bytes.ts';
import { epochMs } from './times.ts';

const [POINT, ZERO, NINE] = [0x2e, 0x30, 0x39];
/** So many digits are a whole number that is exact; one more may not be. */
const EXACT_DIGITS = 15;

/** Where the value of one field stands in the bytes of a payload. It holds no escape: what stands there is what is meant. */
export class Field {
  readonly #name: Uint8Array;
  start = NOWHERE;
  end = NOWHERE;

  constructor(name: string) {
    this.#name = Buffer.from(`"${name}"`);
  }

  get isThere(): boolean {
    return this.start !== NOWHERE;
  }

  /** In quotes. */
  get nameLength(): number {
    return this.#name.length;
  }

  isNamed(raw: Uint8Array, from: number, end: number): boolean {
    return isAt(raw, from, end, this.#name);
  }

  /** Whether the value is this JSON, byte for byte. */
  is(raw: Uint8Array, json: Uint8Array): boolean {
    return isAt(raw, this.start, this.end, json);
  }

  /** A text that says something. */
  isText(raw: Uint8Array): boolean {
    return raw[this.start] === QUOTE && this.end - this.start > 2;
  }

  /** The value as a time (see `epochMs`), if it is a number that can be one. */
  epochMs(raw: Buffer): number | undefined {
    if (!this.isThere || raw[this.start] === QUOTE) return undefined;
    // By its first digits the number lies between two others. Where both are the same millisecond, so is it.
    let digits = 0;
    let whole = 0;
    let scale = 1;
    let isFraction = false;
    for (let at = this.start; at < this.end; at += 1) {
      const byte = raw[at] ?? 0;
      if (byte === POINT) isFraction = true;
      else if (byte < ZERO || byte > NINE) return this.#epochMsOfText(raw);
      else if (digits < EXACT_DIGITS) {
        whole = whole * 10 + byte - ZERO;
        digits += 1;
        if (isFraction) scale *= 10;
      } else if (!isFraction) return this.#epochMsOfText(raw);
    }
    const least = epochMs(whole / scale);
    return least === epochMs((whole + 1) / scale) ? least : this.#epochMsOfText(raw);
  }

  #epochMsOfText(raw: Buffer): number | undefined {
    return epochMs(Number(raw.toString('latin1', this.start, this.end)));
  }
}

function isAt(raw: Uint8Array, from: number, end: number, bytes: Uint8Array): boolean {
  if (end - from !== bytes.length) return false;
  for (let index = 0; index < bytes.length; index += 1) if (raw[from + index] !== bytes[index]) return false;
  return true;
}
