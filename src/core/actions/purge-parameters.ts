import { z } from 'zod';

const MAX_QUEUES = 20;
/** A quarter of an hour of sweeping sees a dying fleet to its end: a process is given up after a minute. */
const SWEEP_MS = 15 * 60_000;
const MAX_SWEEP_MS = 24 * 3_600_000;

export const purgeParameters = z.strictObject({
  jobClass: z.string().min(1).max(300),
  /** Only these; empty for all. */
  queues: z
    .array(z.string().min(1).max(300))
    .max(MAX_QUEUES)
    .transform((queues) => [...new Set(queues)].sort())
    .default([]),
  /** For so long after the last pass it goes on taking what dying processes bring back. */
  sweepMs: z.int().min(0).max(MAX_SWEEP_MS).default(SWEEP_MS),
  /** Unique locks that nobody but removed jobs hold are released when it is done. */
  releaseLocks: z.boolean().default(false),
  /** An earlier purge that this one only goes on with: the same class and queues, and jobs from before its plan. */
  longer: z.string().min(1).max(32).nullable().default(null),
});

export type PurgeParameters = z.output<typeof purgeParameters>;
