import { isObject, jobClassOf, mailOf, textOf } from './job-class.ts';
import { epochMs } from './times.ts';

/** A job as its payload tells it. The payload's bytes remain its identity: nothing here is ever written back. */
export type Job = {
  /** The class a person knows (see `jobClassOf`). */
  readonly jobClass: string;
  /** `class` as it stands, perhaps only a wrapper. */
  readonly rawClass: string;
  /** "PayslipMailer#monthly", when it is mail. */
  readonly mail: string | undefined;
  readonly jid: string | undefined;
  /** Where it was pushed to; follows retries, not moves by hand. */
  readonly queue: string | undefined;
  readonly createdAtMs: number | undefined;
  readonly enqueuedAtMs: number | undefined;
  readonly failedAtMs: number | undefined;
  readonly retriedAtMs: number | undefined;
  /** 0 after the first failure. */
  readonly retryCount: number | undefined;
  readonly errorClass: string | undefined;
  readonly errorMessage: string | undefined;
  /** The Pro batch that waits for it. */
  readonly batchId: string | undefined;
  /** How often GitLab's fetcher found it interrupted. */
  readonly interruptedCount: number | undefined;
};

export type JobReading =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'not_json' }
  | { readonly kind: 'not_a_job'; readonly why: string }
  | { readonly kind: 'oversized'; readonly sizeBytes: number };

/** JSON.parse takes some 10 ms a MB; an event loop that serves Slack can stand one such payload, not a hundred. */
export const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024;

/** Reads a payload from a queue or a set. Never throws, whatever the bytes. */
export function readJob(raw: Buffer | string, maxBytes = MAX_PAYLOAD_BYTES): JobReading {
  if (raw.length > maxBytes) return { kind: 'oversized', sizeBytes: raw.length };
  return readPayload(parseJson(raw));
}

/** The same of a payload that is parsed already; undefined stands for what is no JSON. */
export function readPayload(payload: unknown): JobReading {
  if (payload === undefined) return { kind: 'not_json' };
  if (!isObject(payload)) return { kind: 'not_a_job', why: 'it is JSON, but not an object' };
  const jobClass = jobClassOf(payload);
  const rawClass = textOf(payload, 'class');
  if (rawClass === undefined) return { kind: 'not_a_job', why: 'it names no class' };
  if (jobClass === undefined) return { kind: 'not_a_job', why: "its class's name is no valid UTF-8" };
  return {
    kind: 'job',
    job: {
      jobClass,
      rawClass,
      mail: mailOf(payload),
      jid: textOf(payload, 'jid'),
      queue: textOf(payload, 'queue'),
      createdAtMs: epochMs(payload['created_at']),
      enqueuedAtMs: epochMs(payload['enqueued_at']),
      failedAtMs: epochMs(payload['failed_at']),
      retriedAtMs: epochMs(payload['retried_at']),
      retryCount: countOf(payload['retry_count']),
      errorClass: textOf(payload, 'error_class'),
      errorMessage: textOf(payload, 'error_message'),
      batchId: textOf(payload, 'bid'),
      interruptedCount: countOf(payload['interrupted_count']),
    },
  };
}

/** What JSON says, or undefined (which JSON cannot say) when it is none. */
export function parseJson(raw: Buffer | string): unknown {
  try {
    return JSON.parse(typeof raw === 'string' ? raw : raw.toString('utf8'));
  } catch {
    return undefined;
  }
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
