import { parseJson } from './job.ts';
import { isObject, jobClassOf } from './job-class.ts';
import { epochMs } from './times.ts';

const HEAD_BYTES = 4096;
const TAIL_BYTES = 1024;

/**
 * What the two ends of a payload too large to parse seem to say: most writers put the class before the arguments and
 * the times behind them. Good enough to show, never to decide by.
 */
export function glimpse(raw: Buffer): {
  jobClass: string | undefined;
  createdAtMs: number | undefined;
  enqueuedAtMs: number | undefined;
} {
  const head = raw.subarray(0, HEAD_BYTES).toString('utf8');
  const header = head.slice(0, Math.max(0, head.indexOf('"args":[')));
  const payload = parseJson(`${header}"args":[]}`);
  const tail = raw.subarray(-TAIL_BYTES).toString('utf8');
  return {
    jobClass: isObject(payload) ? jobClassOf(payload) : undefined,
    createdAtMs: epochMs(lastNumber(tail, 'created_at')),
    enqueuedAtMs: epochMs(lastNumber(tail, 'enqueued_at')),
  };
}

function lastNumber(text: string, field: string): string | undefined {
  const at = text.lastIndexOf(`"${field}":`);
  return at === -1 ? undefined : /^"[a-z_]+":(\d+(?:\.\d+)?)/.exec(text.slice(at, at + 64))?.[1];
}
