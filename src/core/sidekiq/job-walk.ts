import { Field } from './job-field.ts';
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  NOWHERE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  overEscape,
  overPlain,
  overWord,
  QUOTE,
} from './json-bytes.ts';

const [IN_ARRAY, IN_OBJECT] = [0, 1];
/** Nesting is kept in the bits of one small number. */
const DEEPEST = 2 ** 29;

/**
 * Finds the fields that decide whether a purge takes a job, by one walk over its bytes: a fifth of what JSON.parse costs, and
 * without an object for every argument. The walk goes to the end, so it also says that the payload is a JSON object.
 *
 * It gives up, and leaves it to the real parser, at whatever is no such object and at what is not plain to see: white space
 * between values, exponents, deep nesting, an escape in a top name or in the value of these fields, one of them twice.
 */
export class JobWalk {
  readonly jobClass = new Field('class');
  readonly wrapped = new Field('wrapped');
  readonly createdAt = new Field('created_at');
  readonly #fields = [this.jobClass, this.wrapped, this.createdAt];
  /** No two names are of one length, so that tells which it can be. */
  readonly #byLength: (Field | undefined)[] = [];

  constructor() {
    for (const field of this.#fields) this.#byLength[field.nameLength] = field;
  }

  /** Over the payload that stands there in the bytes. False where it gave up; then the fields say nothing. */
  over(raw: Uint8Array, start: number, end: number): boolean {
    for (const field of this.#fields) field.start = NOWHERE;
    if (raw[start] !== OPEN_OBJECT) return false;
    // What we are in, the innermost in the lowest bit. The highest bit is the payload itself.
    let nest = IN_OBJECT;
    let isName = true;
    let field: Field | undefined;
    for (let at = start + 1; at < end; ) {
      const from = at;
      const byte = raw[at] ?? 0;
      if (byte === QUOTE) {
        let isPlain = true;
        at = overPlain(raw, at + 1);
        while (raw[at] !== QUOTE) {
          if (raw[at] !== BACKSLASH) return false;
          isPlain = false;
          at = overEscape(raw, at + 1);
          if (at === NOWHERE) return false;
          at = overPlain(raw, at + 1);
        }
        at += 1;
        if (!isPlain && nest === IN_OBJECT && (isName || field !== undefined)) return false;
        if (isName) {
          if (raw[at] !== COLON) return false;
          at += 1;
          isName = false;
          if (nest !== IN_OBJECT) continue;
          field = this.#fieldNamed(raw, from, at - 1);
          if (field === undefined) continue;
          if (field.isThere) return false;
          field.start = at;
          continue;
        }
      } else if (isName) return false;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        const isObject = byte === OPEN_OBJECT;
        at += 1;
        if (raw[at] !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
          if (nest > DEEPEST) return false;
          nest = nest * 2 + (isObject ? IN_OBJECT : IN_ARRAY);
          isName = isObject;
          continue;
        }
        at += 1;
      } else {
        at = overWord(raw, at);
        if (at === NOWHERE) return false;
      }
      for (;;) {
        if (nest === IN_OBJECT && field !== undefined) field.end = at;
        const next = raw[at];
        const isInObject = (nest & 1) === IN_OBJECT;
        at += 1;
        if (next === COMMA) {
          isName = isInObject;
          break;
        }
        if (next !== (isInObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return false;
        nest >>= 1;
        // A walk that got into what stands behind the payload can't end with it.
        if (nest === 0) return at === end;
      }
    }
    return false;
  }

  #fieldNamed(raw: Uint8Array, from: number, end: number): Field | undefined {
    const field = this.#byLength[end - from];
    return field?.isNamed(raw, from, end) ? field : undefined;
  }
}
