import { type JobReading, jobOf, parseJson, readJob } from './job.ts';
import { isObject, textOf } from './job-class.ts';
import type { Work } from './snapshot.ts';
import { epochMs } from './times.ts';

export type WorkReading = {
  readonly work: Work;
  /** Sidekiq up to 6.0.1 wrote the payload as an object, later ones as a string of JSON. */
  readonly isPayloadObject: boolean;
  /** Why the job in it could not be read. */
  readonly trouble: Exclude<JobReading, { kind: 'job' }>['kind'] | undefined;
};

/** One field of a process's work hash: `{"queue":"default","payload":…,"run_at":1795454560}`. */
export function readWork(identity: string, threadId: string, value: Buffer, maxBytes: number): WorkReading {
  const parsed = value.length > maxBytes ? undefined : parseJson(value);
  const outer = isObject(parsed) ? parsed : {};
  const payload = outer['payload'];
  const isPayloadObject = isObject(payload);
  const reading: JobReading =
    value.length > maxBytes
      ? { kind: 'oversized', sizeBytes: value.length }
      : typeof payload === 'string'
        ? readJob(payload)
        : jobOf(payload);
  const job = reading.kind === 'job' ? reading.job : undefined;
  return {
    work: {
      identity,
      threadId,
      queue: textOf(outer, 'queue') ?? '',
      jobClass: job?.jobClass,
      jid: job?.jid,
      runAtMs: epochMs(outer['run_at']),
    },
    isPayloadObject,
    trouble: reading.kind === 'job' ? undefined : reading.kind,
  };
}
