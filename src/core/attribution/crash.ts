import type { Growth } from './climb.ts';
import type { JobInFlight } from './observation.ts';

/** One process that died at work, with all that will ever be known of it. */
export type Crash = {
  readonly identity: string;
  readonly host: string;
  readonly stratum: string;
  readonly concurrency: number;
  readonly startedAtMs: number;
  /** Its last beat; it died within one interval after that. */
  readonly atMs: number;
  /** For how long it probably lived on: half of its interval between beats. */
  readonly livedOnMs: number;
  readonly inFlight: readonly JobInFlight[];
  readonly rssKb?: number | undefined;
  /** What the container platform says of its end. */
  readonly termination?: { readonly reason: string; readonly exitCode: number } | undefined;
  readonly growth: Growth;
  /** By class of the last beat: how much memory was gained since the class began to run without a pause. */
  readonly grewKb: readonly (readonly [jobClass: string, grewKb: number])[];
};
