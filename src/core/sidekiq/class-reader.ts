import { MAX_PAYLOAD_BYTES, parseJson } from './job.ts';
import { isObject, isWrapper, jobClassOf } from './job-class.ts';

/** The class of a payload, or undefined when it is no job; the same answer as `readJob`, at a third of its cost. */
export type ClassReader = (raw: Buffer) => string | undefined;

/** Headers are few where they help: one for each class and queue. Where every job has its own, remembering is waste. */
const MAX_HEADERS = 4096;
const MAX_HEADER_BYTES = 1024;

/** Undecided: what stands before the arguments does not settle the class, the whole payload must be parsed. */
type Header = { readonly jobClass: string | undefined; readonly isDecided: boolean };
const UNDECIDED: Header = { jobClass: undefined, isDecided: false };

const ARGUMENTS = '"args":[';

/**
 * Reads the class from the bytes before `"args":[`, which all jobs of a class and queue share, so they are parsed once
 * and remembered (measured in performance.md, 1.3: a million jobs in half the time of parsing each).
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
  const headers = new Map<string, Header>();
  return (raw) => {
    if (raw.length > MAX_PAYLOAD_BYTES) return undefined;
    const text = raw.toString('latin1');
    const headerEnd = text.indexOf(ARGUMENTS);
    if (headerEnd === -1 || headerEnd > MAX_HEADER_BYTES || !isSettledAfter(text, headerEnd)) {
      return parsedClass(raw);
    }
    const bytes = text.slice(0, headerEnd);
    let header = headers.get(bytes);
    if (header === undefined) {
      header = readHeader(raw.subarray(0, headerEnd));
      // A fresh copy: a slice would keep its whole payload in memory.
      if (headers.size < MAX_HEADERS) headers.set(raw.toString('latin1', 0, headerEnd), header);
    }
    return header.isDecided ? header.jobClass : parsedClass(raw);
  };
}

function isSettledAfter(text: string, headerEnd: number): boolean {
  return (
    text.charCodeAt(text.length - 1) === 0x7d &&
    text.indexOf('"class"', headerEnd) === -1 &&
    text.indexOf('"wrapped"', headerEnd) === -1 &&
    text.indexOf('\\u', headerEnd) === -1
  );
}

function readHeader(bytes: Buffer): Header {
  const payload = parseJson(`${bytes.toString('utf8')}${ARGUMENTS}]}`);
  if (!isObject(payload) || !Array.isArray(payload['args']) || payload['args'].length > 0) return UNDECIDED;
  const jobClass = jobClassOf(payload);
  if (jobClass === undefined || isWrapper(jobClass)) return UNDECIDED;
  return { jobClass, isDecided: true };
}

function parsedClass(raw: Buffer): string | undefined {
  const payload = parseJson(raw);
  return isObject(payload) ? jobClassOf(payload) : undefined;
}
