import type { Command } from './connect.ts';

/**
 * Redis's protocol (RESP 2) with nothing lost and little made: a page of jobs costs one look at each length, and its jobs are
 * views into the bytes that came. ioredis makes the same of it at three times the cost, and for half a million jobs that is
 * what a purge's time goes into (docs/decisions/2026-11-26-own-wire.md).
 */
export type Value = Buffer | number | null | Refusal | readonly Value[];

/** What Redis answers instead, such as "NOPERM this user has no permissions …". */
export class Refusal {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

const [CARRIAGE_RETURN, LINE_FEED] = [0x0d, 0x0a];
const [ARRAY, BULK, INTEGER, SIMPLE, ERROR] = [0x2a, 0x24, 0x3a, 0x2b, 0x2d];
const [MINUS, ZERO, NINE] = [0x2d, 0x30, 0x39];

/** Commands as bytes that can be sent in one go. */
export function encodeCommands(commands: readonly Command[]): Buffer {
  let size = 0;
  for (const command of commands) {
    size += lineSize(command.length);
    for (const word of command) {
      const length = lengthOf(word);
      size += lineSize(length) + length + 2;
    }
  }
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const command of commands) {
    at = writeLine(bytes, at, ARRAY, command.length);
    for (const word of command) {
      at = writeLine(bytes, at, BULK, lengthOf(word));
      at += Buffer.isBuffer(word) ? word.copy(bytes, at) : bytes.write(String(word), at);
      bytes[at] = CARRIAGE_RETURN;
      bytes[at + 1] = LINE_FEED;
      at += 2;
    }
  }
  return bytes;
}

function lengthOf(word: Command[number]): number {
  return Buffer.isBuffer(word) ? word.length : Buffer.byteLength(String(word));
}

/** Of a sign, a number and the end of the line. */
function lineSize(number: number): number {
  let digits = 1;
  for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  return digits + 3;
}

function writeLine(bytes: Buffer, at: number, sign: number, number: number): number {
  const end = at + lineSize(number);
  bytes[at] = sign;
  let rest = number;
  for (let digit = end - 3; digit > at; digit -= 1) {
    bytes[digit] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  bytes[end - 2] = CARRIAGE_RETURN;
  bytes[end - 1] = LINE_FEED;
  return end;
}

type Frame = { readonly values: Value[]; readonly length: number };

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Makes values of the bytes that come, in whatever pieces they do. Only what was cut between two pieces is copied, so that
 * the jobs of a page lie behind one another in memory as they came.
 */
export class ValueReader {
  #bytes: Buffer = NOTHING;
  #at = 0;
  /** The beginning of a value that was cut off, in pieces, and how many bytes it has when it is whole; 0 if that is not known. */
  #cut: Buffer[] = [];
  #cutSize = 0;
  #wholeSize = 0;
  /** Arrays that are not whole yet, the outermost first. */
  readonly #frames: Frame[] = [];
  #values: Value[] = [];

  /** The values that are whole now. @throws {TypeError} at what is no RESP 2; then nothing more can be made of it. */
  push(chunk: Buffer): Value[] {
    this.#values = [];
    if (this.#cutSize === 0) this.#read(chunk);
    else {
      const missing = this.#wholeSize === 0 ? chunk.length : this.#wholeSize - this.#cutSize;
      this.#cut.push(chunk.subarray(0, missing));
      this.#cutSize += Math.min(missing, chunk.length);
      if (this.#cutSize < this.#wholeSize) return [];
      const whole = Buffer.concat(this.#cut, this.#cutSize);
      this.#cut = [];
      this.#cutSize = 0;
      this.#read(whole);
      if (missing < chunk.length) this.#read(chunk.subarray(missing));
    }
    return this.#values;
  }

  #read(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#at = 0;
    while (this.#at < bytes.length) {
      const from = this.#at;
      this.#wholeSize = 0;
      if (this.#readOne(bytes[from])) continue;
      this.#cut = [bytes.subarray(from)];
      this.#cutSize = bytes.length - from;
      if (this.#wholeSize > 0) this.#wholeSize -= from;
      return;
    }
  }

  /** False where the bytes end first. */
  #readOne(sign: number | undefined): boolean {
    if (sign === BULK) return this.#readBulk();
    if (sign !== ARRAY && sign !== INTEGER && sign !== SIMPLE && sign !== ERROR) {
      throw new TypeError(`byte ${sign} begins no value of RESP 2`);
    }
    const end = this.#bytes.indexOf('\r\n', this.#at, 'latin1');
    if (end === -1) return false;
    const line = this.#bytes.subarray(this.#at + 1, end);
    this.#at = end + 2;
    if (sign === SIMPLE) this.#give(line);
    else if (sign === ERROR) this.#give(new Refusal(line.toString('utf8')));
    else if (sign === INTEGER) this.#give(integerOf(line));
    else this.#begin(integerOf(line));
    return true;
  }

  #begin(length: number): void {
    if (length < 0) this.#give(null);
    else if (length === 0) this.#give([]);
    else this.#frames.push({ values: [], length });
  }

  #readBulk(): boolean {
    const bytes = this.#bytes;
    let length = 0;
    let at = this.#at + 1;
    const isNull = bytes[at] === MINUS;
    for (; ; at += 1) {
      const byte = bytes[at];
      if (byte === undefined) return false;
      if (byte === CARRIAGE_RETURN) break;
      if (byte >= ZERO && byte <= NINE) length = length * 10 + byte - ZERO;
      else if (!isNull) throw new TypeError('a length is no number');
    }
    const from = at + 2;
    const end = isNull ? from : from + length + 2;
    if (end > bytes.length) {
      this.#wholeSize = end;
      return false;
    }
    this.#at = end;
    this.#give(isNull ? null : bytes.subarray(from, end - 2));
    return true;
  }

  #give(value: Value): void {
    let given = value;
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      frame.values.push(given);
      if (frame.values.length < frame.length) return;
      this.#frames.pop();
      given = frame.values;
    }
    this.#values.push(given);
  }
}

function integerOf(line: Buffer): number {
  const text = line.toString('latin1');
  if (!/^-?\d{1,20}$/.test(text)) throw new TypeError('a length or number is none');
  return Number(text);
}
