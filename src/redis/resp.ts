import { type Page, PagePart } from '../core/sidekiq/page.ts';
import type { Command } from './command.ts';
import { NO_PAGE, NOT_YET, PageScan } from './page-scan.ts';
import {
  ARRAY,
  BULK,
  CARRIAGE_RETURN,
  ERROR,
  INTEGER,
  LINE_FEED,
  MINUS,
  NINE,
  SIMPLE,
  ZERO,
} from './resp-signs.ts';

/**
 * Redis's protocol (RESP 2) with nothing lost and little made: an array of strings, which is what a page of jobs comes as,
 * costs one look at each length. ioredis makes an object of each job, and for half a million jobs that is what a purge's time
 * goes into (docs/decisions/2026-11-26-own-wire.md).
 */
export type Value = Buffer | number | null | Refusal | Page | readonly Value[];

/** What Redis answers instead, such as "NOPERM this user has no permissions …". */
export class Refusal {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Commands as bytes that can be sent in one go. */
export function encodeCommands(
  commands: readonly Command[],
  take: (sizeBytes: number) => Buffer = Buffer.allocUnsafe,
): Buffer {
  let size = 0;
  for (const command of commands) {
    size += lineSize(wordsIn(command));
    for (const word of command)
      size += word instanceof PagePart ? sizeOfPart(word) : sizeOfWord(lengthOf(word));
  }
  const bytes = take(size);
  let at = 0;
  for (const command of commands) {
    at = writeLine(bytes, at, ARRAY, wordsIn(command));
    for (const word of command) {
      if (word instanceof PagePart) {
        at = writePart(bytes, at, word);
        continue;
      }
      at = writeLine(bytes, at, BULK, lengthOf(word));
      at += Buffer.isBuffer(word) ? word.copy(bytes, at) : bytes.write(String(word), at);
      at = endLine(bytes, at);
    }
  }
  return bytes;
}

function wordsIn(command: Command): number {
  let words = 0;
  for (const word of command) words += word instanceof PagePart ? word.length : 1;
  return words;
}

function lengthOf(word: string | number | Buffer): number {
  return Buffer.isBuffer(word) ? word.length : Buffer.byteLength(String(word));
}

function sizeOfWord(length: number): number {
  return lineSize(length) + length + 2;
}

function sizeOfPart({ page, indexes }: PagePart): number {
  let size = 0;
  for (const index of indexes) size += sizeOfWord(page.end(index) - page.start(index));
  return size;
}

function writePart(bytes: Buffer, from: number, { page, indexes }: PagePart): number {
  let at = from;
  for (const index of indexes) {
    const [start, end] = [page.start(index), page.end(index)];
    at = writeLine(bytes, at, BULK, end - start);
    at += page.bytes.copy(bytes, at, start, end);
    at = endLine(bytes, at);
  }
  return at;
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
  return endLine(bytes, end - 2);
}

function endLine(bytes: Buffer, at: number): number {
  bytes[at] = CARRIAGE_RETURN;
  bytes[at + 1] = LINE_FEED;
  return at + 2;
}

type Frame = { readonly values: Value[]; readonly length: number };

const NOTHING: Buffer = Buffer.alloc(0);
/** No reply of ours has as many strings; for what another server claims no memory is taken before it comes. */
const MAX_PAGE = 100_000;

/** Makes values of the bytes that come, in whatever pieces they do. An array of strings becomes a page. */
export class ValueReader {
  #bytes: Buffer = NOTHING;
  #at = 0;
  /** The beginning of a value that was cut off, in pieces, and how many bytes it has when it is whole; 0 if that is not known. */
  #cut: Buffer[] = [];
  #cutSize = 0;
  #wholeSize = 0;
  /** Arrays that are not whole yet, the outermost first. */
  readonly #frames: Frame[] = [];
  /** The array that may become a page. */
  #scan: PageScan | undefined;
  #values: Value[] = [];

  /** The values that are whole now. @throws {TypeError} at what is no RESP 2; then nothing more can be made of it. */
  push(chunk: Buffer): Value[] {
    this.#values = [];
    if (this.#cutSize === 0) this.#read(chunk, 0);
    else {
      const missing = this.#wholeSize === 0 ? chunk.length : this.#wholeSize - this.#cutSize;
      this.#cut.push(chunk.subarray(0, missing));
      this.#cutSize += Math.min(missing, chunk.length);
      if (this.#cutSize < this.#wholeSize) return [];
      const whole = Buffer.concat(this.#cut, this.#cutSize);
      this.#cut = [];
      this.#cutSize = 0;
      this.#read(whole, 0);
      if (missing < chunk.length) this.#read(chunk, missing);
    }
    return this.#values;
  }

  #read(bytes: Buffer, first: number): void {
    this.#bytes = bytes;
    this.#at = first;
    while (this.#at < this.#bytes.length) {
      if (this.#scan !== undefined) {
        this.#goOn(this.#scan);
        continue;
      }
      const from = this.#at;
      this.#wholeSize = 0;
      if (this.#readOne(this.#bytes[from])) continue;
      this.#cut = [this.#bytes.subarray(from)];
      this.#cutSize = this.#bytes.length - from;
      if (this.#wholeSize > 0) this.#wholeSize -= from;
      return;
    }
  }

  #goOn(scan: PageScan): void {
    const end = scan.over(this.#bytes, this.#at);
    this.#at = end === NOT_YET ? this.#bytes.length : end;
    if (end === NOT_YET) return;
    this.#scan = undefined;
    if (end !== NO_PAGE) return void this.#values.push(scan.page());
    // From its beginning, value by value.
    this.#frames.push({ values: [], length: scan.length });
    this.#bytes = scan.bytes();
    this.#at = 0;
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
    else if (this.#frames.length === 0 && length <= MAX_PAGE) this.#scan = new PageScan(length);
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
