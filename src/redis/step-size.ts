/** Half a thousand small jobs: near the best time, and Redis is held up for less than a millisecond (performance.md, 4.3). */
const PAGE_JOBS = 500;
const PAGE_BYTES = 150 * 1024;
/** Nothing is known yet of how large the jobs are. */
export const FIRST_PAGE = 4;
const MAX_GROWTH = 8;

/** How many jobs the next page may have, by how many there were in the last one and how large they were together. */
export function nextPage(count: number, jobs: number, sizeBytes: number): number {
  const fitting = Math.floor(PAGE_BYTES / Math.max(1, sizeBytes / Math.max(1, jobs)));
  return Math.max(1, Math.min(PAGE_JOBS, fitting, count * MAX_GROWTH));
}

/** One commit covers so much: few enough to be in memory, enough to make the disk's wait small. */
const STEP_JOBS = 2000;
const STEP_BYTES = 4 * 1024 * 1024;

export function isFullStep(jobs: number, sizeBytes: number): boolean {
  return jobs >= STEP_JOBS || sizeBytes >= STEP_BYTES;
}

/** Cuts what is sent in one call: at most so many, and not too many bytes. */
export function* batches<T extends { readonly payload: Uint8Array }>(
  jobs: readonly T[],
  most: number,
): Generator<readonly T[]> {
  let first = 0;
  let sizeBytes = 0;
  for (const [index, { payload }] of jobs.entries()) {
    const isFull = index - first === most || sizeBytes + payload.length > PAGE_BYTES;
    if (isFull && index > first) {
      yield jobs.slice(first, index);
      first = index;
      sizeBytes = 0;
    }
    sizeBytes += payload.length;
  }
  if (first < jobs.length) yield jobs.slice(first);
}
