import { z } from 'zod';

/** What is wrong, with its numbers as they were last seen. */
export type Trouble = CrashLoop | LikelyClass | StrandedJobs;

export type CrashLoop = {
  readonly kind: 'crash loop';
  readonly crashes: number;
  readonly hosts: number;
  readonly lastCrashAtMs: number;
  /** The verdict's first sentence, where it names a class. */
  readonly suspicion?: string | undefined;
};

export type LikelyClass = {
  readonly kind: 'likely class';
  readonly jobClass: string;
  readonly p: number;
  readonly crashes: number;
  readonly allCrashes: number;
  readonly workShare: number;
  readonly threadsLost: number;
  readonly innocentsKilled: number;
};

type StrandedJobs = {
  readonly kind: 'stranded jobs';
  readonly jobs: number;
  readonly lists: number;
  readonly mostJobs: number;
};

/**
 * One trouble, from its beginning to its end. What is open is edited in place; what was wrong is taken back; what is
 * over is closed and comes again only as a new trouble with a message of its own.
 */
export type Alert = {
  /** `crash loop`, `stranded jobs` or `likely class NAME`: one of each at a time. */
  readonly key: string;
  readonly phase: 'open' | 'corrected' | 'closed';
  readonly trouble: Trouble;
  /** When it began, as far as is known; and when the phase was entered. */
  readonly sinceMs: number;
  readonly phaseAtMs: number;
};

/** What is remembered between two looks. */
export type AlertState = {
  readonly alerts: readonly Alert[];
  /** Since when jobs have lain stranded, or not, without a pause. */
  readonly strandedSinceMs: number | undefined;
  readonly clearSinceMs: number | undefined;
};

export const NO_ALERTS: AlertState = { alerts: [], strandedSinceMs: undefined, clearSinceMs: undefined };

const TroubleSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('crash loop'),
    crashes: z.number(),
    hosts: z.number(),
    lastCrashAtMs: z.number(),
    suspicion: z.string().optional(),
  }),
  z.object({
    kind: z.literal('likely class'),
    jobClass: z.string(),
    p: z.number(),
    crashes: z.number(),
    allCrashes: z.number(),
    workShare: z.number(),
    threadsLost: z.number(),
    innocentsKilled: z.number(),
  }),
  z.object({
    kind: z.literal('stranded jobs'),
    jobs: z.number(),
    lists: z.number(),
    mostJobs: z.number(),
  }),
]);

/** The stored form; JSON leaves out what is undefined. */
export const AlertStateSchema = z.object({
  alerts: z
    .array(
      z.object({
        key: z.string(),
        phase: z.enum(['open', 'corrected', 'closed']),
        trouble: TroubleSchema,
        sinceMs: z.number(),
        phaseAtMs: z.number(),
      }),
    )
    .readonly(),
  strandedSinceMs: z.number().optional(),
  clearSinceMs: z.number().optional(),
});
/** Puts an alert in the place of the one with its key, or at the end. */
export function withAlert(alerts: readonly Alert[], alert: Alert): readonly Alert[] {
  const isThere = alerts.some(({ key }) => key === alert.key);
  return isThere ? alerts.map((one) => (one.key === alert.key ? alert : one)) : [...alerts, alert];
}
