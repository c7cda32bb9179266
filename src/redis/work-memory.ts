import { readWork, type WorkReading } from '../core/sidekiq/work.ts';

/** Larger entries are few and dear to keep. */
const MAX_KEPT_BYTES = 16 * 1024;

type Entry = { readonly raw: Buffer; readonly reading: WorkReading };

/**
 * What the entries of work hashes said at the last reading. A process rewrites them only at its beats, and long jobs
 * stay for many, so most of what a poll reads is what the one before has parsed: the same bytes mean the same work.
 */
export class WorkMemory {
  #last: ReadonlyMap<string, ReadonlyMap<string, Entry>> = new Map();
  #now = new Map<string, Map<string, Entry>>();

  /** Begins a reading: what is not read again is forgotten with the next one. */
  begin(): void {
    this.#last = this.#now;
    this.#now = new Map();
  }

  read(identity: string, threadId: string, raw: Buffer, maxBytes: number): WorkReading {
    const before = this.#last.get(identity)?.get(threadId);
    const reading = before?.raw.equals(raw) ? before.reading : readWork(identity, threadId, raw, maxBytes);
    if (raw.length <= MAX_KEPT_BYTES) this.#of(identity).set(threadId, { raw, reading });
    return reading;
  }

  #of(identity: string): Map<string, Entry> {
    const known = this.#now.get(identity);
    if (known !== undefined) return known;
    const fresh = new Map<string, Entry>();
    this.#now.set(identity, fresh);
    return fresh;
  }
}
