import { MAX_PAYLOAD_BYTES } from './job.ts';
import { MAILERS, REPLACEMENT, WRAPPERS } from './job-class.ts';
import type { Field } from './job-field.ts';
import type { JobWalk } from './job-walk.ts';
import { bytesOfRun, runEnd } from './run.ts';

/** What a payload says of the class that is looked for. `unclear` is for the real parser to decide. */
export type ClassMatch = 'it' | 'another' | 'unclear';

/** Names that JSON writes as they are, unless it escapes them with `\u`. */
const PLAIN_NAME = /^[\w:]+$/;

/** A class that is looked for in the bytes of payloads, by the rules of `jobClassOf` and `mailOf`. */
export class ClassName {
  readonly #text: string;
  readonly #json: Uint8Array;
  /** What it is to find these bytes: a replacement may also have come of bytes that were no UTF-8. */
  readonly #match: ClassMatch;
  readonly #isPlain: boolean;
  readonly #wrappers = [...WRAPPERS].map(inQuotes);
  /** Of these the arguments say which mail it is. */
  readonly #mailers: readonly Uint8Array[];

  constructor(text: string) {
    this.#text = text;
    this.#json = inQuotes(text);
    this.#match = text.includes(REPLACEMENT) ? 'unclear' : 'it';
    this.#isPlain = PLAIN_NAME.test(text);
    this.#mailers = text.includes('#') ? [...MAILERS].map(inQuotes) : [];
  }

  /**
   * Which payloads of a page name the class somewhere, or may by an escape: by index. All others are of another class, and
   * to know that costs next to nothing, for the processor looks through 64 kB in microseconds.
   */
  mentionsIn(page: readonly Buffer[]): readonly number[] {
    const mentions: number[] = [];
    for (let first = 0; first < page.length; ) {
      const end = runEnd(page, first);
      this.#findInRun(page, first, end, mentions);
      first = end;
    }
    return mentions;
  }

  #findInRun(page: readonly Buffer[], first: number, end: number, mentions: number[]): void {
    const bytes = bytesOfRun(page, first, end);
    const text = this.#isPlain ? searchable(bytes) : undefined;
    let at = text === undefined ? 0 : text.indexOf(this.#text);
    for (let index = first; index < end && at !== -1; index += 1) {
      const raw = page[index];
      if (raw === undefined) return;
      const rawEnd = raw.byteOffset - bytes.byteOffset + raw.length;
      if (at >= rawEnd) continue;
      mentions.push(index);
      at = text === undefined ? rawEnd : text.indexOf(this.#text, rawEnd);
    }
  }

  /** `walk` has then been over the payload, unless it is unclear. */
  matchOf(raw: Buffer, walk: JobWalk): ClassMatch {
    if (raw.length > MAX_PAYLOAD_BYTES || !walk.over(raw)) return 'unclear';
    const { jobClass, wrapped } = walk;
    if (!jobClass.isText(raw)) return 'another';
    const isWrapped = wrapped.isText(raw);
    if (!isWrapped && isOneOf(this.#wrappers, jobClass, raw)) return 'unclear';
    const field = isWrapped ? wrapped : jobClass;
    if (isOneOf(this.#mailers, field, raw)) return 'unclear';
    if (!field.is(raw, this.#json)) return 'another';
    return this.#match;
  }
}

/**
 * One character for each byte: where half of the jobs name a class, the calls are what searching costs, and those of strings
 * cost less. Undefined where an escape may stand for any character.
 */
function searchable(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1');
  return text.includes('\\u') ? undefined : text;
}

function inQuotes(text: string): Uint8Array {
  return Buffer.from(`"${text}"`);
}

function isOneOf(names: readonly Uint8Array[], field: Field, raw: Buffer): boolean {
  return names.some((name) => field.is(raw, name));
}
