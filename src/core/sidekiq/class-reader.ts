import { HeaderMemory } from './header-memory.ts';
import { MAX_PAYLOAD_BYTES, parseJson } from './job.ts';
import { isObject, isWrapper, jobClassOf } from './job-class.ts';
import type { Page } from './page.ts';

/** The class of each payload, or undefined where it is no job: the same answers as `readJob`, at a quarter of its cost. */
export type ClassReader = (page: Page) => (string | undefined)[];

const ARGUMENTS = '"args":[';
/** A text of this size is still searched within the processor's cache, and is cheap to throw away. */
const MAX_RUN_BYTES = 64 * 1024;
const BRACE = '}'.charCodeAt(0);

/**
 * Reads the class from the bytes before `"args":[`, which all jobs of a class and queue share, so that they are parsed
 * once and remembered (performance.md, 1.3). And it does so in the whole text of a reply, because searching one text of
 * 64 kB is much cheaper than turning 200 payloads into 200 texts.
 *
 * A header decides only if nothing that follows can say otherwise:
 * - closed at once (`…"args":[]}`) it must be a JSON object, else `"args":[` stood deeper inside or in a longer key;
 * - the class in it must be no ActiveJob wrapper without `wrapped`, for then the arguments name the class;
 * - behind it there must be no `"class"` and no `"wrapped"` (another order of keys, a key twice, or merely an argument
 *   that looks like one) and no `\u`, behind which a key could hide;
 * - the payload must end as an object ends, so a payload that was cut off is noticed.
 * In every other case the whole payload is parsed. What this can't see is a payload with a good header whose
 * arguments are no JSON: it is counted as its class although a worker would throw it out.
 */
export function createClassReader(): ClassReader {
  const headers = new HeaderMemory(readHeader);
  return (page) => {
    const classes = new Array<string | undefined>(page.length);
    for (let first = 0; first < page.length; ) {
      const end = runEnd(page, first);
      readRun(page, first, end, headers, classes);
      first = end;
    }
    return classes;
  };
}

function readRun(
  page: Page,
  first: number,
  end: number,
  headers: HeaderMemory,
  classes: (string | undefined)[],
): void {
  const start = page.start(first);
  const text = page.bytes.toString('latin1', start, page.end(end - 1));
  const args = new Finder(text, '"args":', '[');
  const classFields = new Finder(text, '"c', 'lass"');
  const wrappedFields = new Finder(text, '"', 'wrapp');
  const escapes = new Finder(text, '', '\\u');
  for (let index = first; index < end; index += 1) {
    const [from, to] = [page.start(index) - start, page.end(index) - start];
    const headerEnd = args.firstFrom(from);
    const isSettled =
      headerEnd < to &&
      text.charCodeAt(to - 1) === BRACE &&
      classFields.firstFrom(headerEnd) >= to &&
      wrappedFields.firstFrom(headerEnd) >= to &&
      escapes.firstFrom(headerEnd) >= to;
    const header = isSettled ? headers.find(text, from, headerEnd) : undefined;
    classes[index] = header?.jobClass ?? parsedClass(page.payload(index));
  }
}

/**
 * Finds `before` + `needle` again and again from ever later places, so that no part of the text is searched twice. The
 * engine looks for a needle of less than seven characters by its first one, which is very fast where that is rare; so
 * the rare part is the needle, and what stands before it is compared only then.
 */
class Finder {
  readonly #text: string;
  readonly #before: string;
  readonly #needle: string;
  #at = -1;

  constructor(text: string, before: string, needle: string) {
    this.#text = text;
    this.#before = before;
    this.#needle = needle;
  }

  firstFrom(from: number): number {
    if (this.#at >= from) return this.#at;
    const ahead = this.#before.length;
    let at = this.#text.indexOf(this.#needle, from + ahead);
    while (at !== -1 && !this.#text.startsWith(this.#before, at - ahead)) {
      at = this.#text.indexOf(this.#needle, at + 1);
    }
    this.#at = at === -1 ? Number.POSITIVE_INFINITY : at - ahead;
    return this.#at;
  }
}

function runEnd(page: Page, first: number): number {
  const most = page.start(first) + MAX_RUN_BYTES;
  let end = first + 1;
  while (end < page.length && page.end(end) <= most) end += 1;
  return end;
}

/** The class that a header decides; undefined when the whole payload must be parsed. */
function readHeader(bytes: Buffer): string | undefined {
  const payload = parseJson(`${bytes.toString('utf8')}${ARGUMENTS}]}`);
  if (!isObject(payload) || !Array.isArray(payload['args']) || payload['args'].length > 0) return undefined;
  const jobClass = jobClassOf(payload);
  return jobClass === undefined || isWrapper(jobClass) ? undefined : jobClass;
}

function parsedClass(raw: Buffer): string | undefined {
  const payload = raw.length > MAX_PAYLOAD_BYTES ? undefined : parseJson(raw);
  return isObject(payload) ? jobClassOf(payload) : undefined;
}
