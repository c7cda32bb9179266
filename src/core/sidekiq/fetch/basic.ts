import type { FetchStrategy } from './strategy.ts';

/** A fresh process registers only once it has seen its own heartbeat (#3543, #5045): two beats of the slow kind. */
const SETTLED_AFTER_MS = 20_000;

/** Sidekiq's own BRPOP: it keeps no private list, and so is known by exclusion alone (reference: 11). */
export const basic: FetchStrategy = {
  schemes: [],
  globs: [],
  readName: () => undefined,
  ownerState: () => 'unknown',
  evidence: (process, fleet) => {
    if (process.startedAtMs === undefined) return undefined;
    return fleet.nowMs - process.startedAtMs < SETTLED_AFTER_MS
      ? { strategy: 'unknown', evidence: 'it started less than 20 seconds ago' }
      : { strategy: 'basic', evidence: 'no sign of super_fetch or of another reliable fetcher' };
  },
};
