import type { Seen } from './lasting.ts';

/** Fetchers that rescue do so within minutes of a restart; what lies longer waits for people. */
const OPEN_AFTER_MS = 5 * 60_000;
/** Between a rescue and the next death a list is empty for moments. */
const CLOSE_AFTER_MS = 5 * 60_000;

/** Jobs lie with dead owners. */
export function seeStranded({ jobs, lists }: { readonly jobs: number; readonly lists: number }): Seen {
  return {
    key: 'stranded jobs',
    trouble: jobs > 0 ? { kind: 'stranded jobs', jobs, lists, mostJobs: jobs } : undefined,
    state: jobs > 0 ? 'bad' : 'calm',
    openAfterMs: OPEN_AFTER_MS,
    closeAfterMs: CLOSE_AFTER_MS,
  };
}
