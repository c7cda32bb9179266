import { MAX_PAYLOAD_BYTES } from './job.ts';
import { MAILERS, REPLACEMENT, WRAPPERS } from './job-class.ts';
import type { Field } from './job-field.ts';
import type { JobWalk } from './job-walk.ts';
import { Needle } from './needle.ts';
import type { Page } from './page.ts';

/** What a payload says of the class that is looked for. `unclear` is for the real parser to decide. */
export type ClassMatch = 'it' | 'another' | 'unclear';

/** Names that JSON writes as they are, unless it escapes them with `\u`. */
const PLAIN_NAME = /^[\w:]+$/;

/** A class that is looked for in the bytes of payloads, by the rules of `jobClassOf` and `mailOf`. */
export class ClassName {
  readonly #json: Uint8Array;
  /** For names that JSON writes as they are: others may stand there in many ways. */
  readonly #needle: Needle | undefined;
  /** What it is to find these bytes: a replacement may also have come of bytes that were no UTF-8. */
  readonly #match: ClassMatch;
  readonly #wrappers = [...WRAPPERS].map(inQuotes);
  /** Of these the arguments say which mail it is. */
  readonly #mailers: readonly Uint8Array[];

  constructor(text: string) {
    this.#json = inQuotes(text);
    this.#needle = PLAIN_NAME.test(text) ? new Needle(this.#json) : undefined;
    this.#match = text.includes(REPLACEMENT) ? 'unclear' : 'it';
    this.#mailers = text.includes('#') ? [...MAILERS].map(inQuotes) : [];
  }

  /**
   * Which payloads of a page name the class somewhere, or may by an escape: by index. All others are of another class, and
   * to know that costs a tenth of a microsecond.
   */
  mentionsIn(page: Page): readonly number[] {
    const { bytes, length } = page;
    const needle = this.#needle;
    // An escape may stand for any character.
    if (needle === undefined || bytes.includes('\\u')) return Array.from({ length }, (_, index) => index);
    const mentions: number[] = [];
    let at = needle.indexIn(bytes, 0);
    for (let index = 0; index < length && at !== -1; index += 1) {
      const end = page.end(index);
      if (at >= end) continue;
      mentions.push(index);
      at = needle.indexIn(bytes, end);
    }
    return mentions;
  }

  /** Of a payload of a page. `walk` has then been over it, unless it is unclear. */
  matchOf(page: Page, index: number, walk: JobWalk): ClassMatch {
    const { bytes } = page;
    const [start, end] = [page.start(index), page.end(index)];
    if (end - start > MAX_PAYLOAD_BYTES || !walk.over(bytes, start, end)) return 'unclear';
    const { jobClass, wrapped } = walk;
    if (!jobClass.isText(bytes)) return 'another';
    const isWrapped = wrapped.isText(bytes);
    if (!isWrapped && isOneOf(this.#wrappers, jobClass, bytes)) return 'unclear';
    const field = isWrapped ? wrapped : jobClass;
    if (isOneOf(this.#mailers, field, bytes)) return 'unclear';
    if (!field.is(bytes, this.#json)) return 'another';
    return this.#match;
  }
}

function inQuotes(text: string): Uint8Array {
  return Buffer.from(`"${text}"`);
}

function isOneOf(names: readonly Uint8Array[], field: Field, raw: Buffer): boolean {
  for (const name of names) if (field.is(raw, name)) return true;
  return false;
}
