import type { PrivateList } from '../sidekiq/snapshot.ts';

/** For how long each list has been seen without a change. */
export type Stillness = ReadonlyMap<string, { readonly mark: string; readonly sinceMs: number }>;

/** Three beats of Sidekiq 7: so long a list of reliable_fetch must not have changed (reference: 5.4). */
export const STILL_FOR_MS = 30_000;

/** Lists are marked by their size and both ends: whoever works with a list changes one of them. */
export function watchStillness(
  before: Stillness,
  lists: readonly Pick<PrivateList, 'key' | 'mark'>[],
  nowMs: number,
): Stillness {
  const now = new Map<string, { mark: string; sinceMs: number }>();
  for (const { key, mark } of lists) {
    if (mark === undefined) continue;
    const known = before.get(key);
    now.set(key, known?.mark === mark ? known : { mark, sinceMs: nowMs });
  }
  return now;
}
