import { z } from 'zod';
import type { Evidence } from './evidence.ts';
import { HARMLESS_ENDS, type JobInFlight } from './observation.ts';

/**
 * Evidence as JSON, for the store, so that a bot that starts again remembers the night. Only plain values, lists and
 * pairs: class names come from outside and must never become keys of an object.
 *
 *     { "version": 1, "nowMs": 1795454560000, "processes": […], "buckets": […], "crashes": […], "jobs": […] }
 */
const amount = z.number();
const counts = z.array(z.tuple([z.string(), amount]).readonly()).readonly();
/** Job id, class, start. Whatever else a source knows of a job, its arguments above all, does not get into the store. */
const job = z
  .tuple([z.string(), z.string(), amount.nullable()])
  .transform(([jid, jobClass, startedAtMs]) => ({ jid, jobClass, startedAtMs: startedAtMs ?? undefined }));
const about = {
  identity: z.string(),
  host: z.string(),
  stratum: z.string(),
  concurrency: amount,
  startedAtMs: amount,
};

const Process = z.strictObject({
  ...about,
  lastBeat: z
    .strictObject({
      atMs: amount,
      rssKb: amount.optional(),
      inFlight: z.array(job),
      gapMs: amount.optional(),
    })
    .optional(),
  climb: z.array(
    z.strictObject({ atMs: amount, floorKb: amount, riseKb: amount, noiseKb: amount, doubledCounts: counts }),
  ),
  stretches: counts,
});

const Crash = z.strictObject({
  ...about,
  atMs: amount,
  livedOnMs: amount,
  inFlight: z.array(job),
  rssKb: amount.optional(),
  termination: z.strictObject({ reason: z.string(), exitCode: amount }).optional(),
  growth: z.strictObject({ totalKb: amount, oldKb: amount, shares: counts }),
  grewKb: counts,
});

const Bucket = z.strictObject({
  startMs: amount,
  widthMs: amount,
  strata: z.array(z.tuple([z.string(), amount, counts])),
  /** Class, process time, and the sums x, xx, xy. */
  classes: z.array(z.tuple([z.string(), amount, amount, amount, amount])),
  slope: z.strictObject({ intervals: amount, y: amount, yy: amount }),
  rss: z.array(z.tuple([amount, amount])),
  newJobs: amount,
  ends: z.array(z.tuple([z.enum(HARMLESS_ENDS), amount])),
});

const Frozen = z.strictObject({
  version: z.literal(1),
  nowMs: amount,
  processes: z.array(Process),
  buckets: z.array(Bucket),
  crashes: z.array(Crash),
  /** Job id, time in flight, last sight; the least recently seen first. */
  jobs: z.array(z.tuple([z.string(), amount, amount])),
});

/** The evidence as text. */
export function freeze({ nowMs, processes, buckets, crashes, jobs }: Evidence): string {
  const frozen: z.input<typeof Frozen> = {
    version: 1,
    nowMs,
    processes: Array.from(processes.values(), ({ lastBeat, stretches, ...process }) => ({
      ...process,
      lastBeat: lastBeat && { ...lastBeat, inFlight: lastBeat.inFlight.map(freezeJob) },
      stretches: [...stretches],
    })),
    buckets: Array.from(buckets.values(), ({ startMs, widthMs, tally }) => ({
      startMs,
      widthMs,
      strata: Array.from(tally.strata, ([name, { processMs, instanceMs }]) => [
        name,
        processMs,
        [...instanceMs],
      ]),
      classes: Array.from(tally.classes, ([name, { processMs, x, xx, xy }]) => [name, processMs, x, xx, xy]),
      slope: tally.slope,
      rss: [...tally.rss],
      newJobs: tally.newJobs,
      ends: [...tally.ends],
    })),
    crashes: crashes.map((crash) => ({ ...crash, inFlight: crash.inFlight.map(freezeJob) })),
    jobs: Array.from(jobs, ([jid, { ms, seenAtMs }]) => [jid, ms, seenAtMs]),
  };
  return JSON.stringify(frozen);
}

const freezeJob = ({ jid, jobClass, startedAtMs }: JobInFlight): z.input<typeof job> => [
  jid,
  jobClass,
  startedAtMs ?? null,
];

/** The evidence that was frozen. Throws at anything that `freeze` did not write. */
export function thaw(text: string): Evidence {
  const { nowMs, processes, buckets, crashes, jobs } = Frozen.parse(JSON.parse(text));
  return {
    nowMs,
    processes: new Map(
      processes.map((process) => [process.identity, { ...process, stretches: new Map(process.stretches) }]),
    ),
    buckets: new Map(
      buckets.map(({ startMs, widthMs, strata, classes, slope, rss, newJobs, ends }) => {
        const tally = {
          strata: new Map(
            strata.map(([name, processMs, instanceMs]) => [
              name,
              { processMs, instanceMs: new Map(instanceMs) },
            ]),
          ),
          classes: new Map(classes.map(([name, processMs, x, xx, xy]) => [name, { processMs, x, xx, xy }])),
          slope,
          rss: new Map(rss),
          newJobs,
          ends: new Map(ends),
        };
        return [startMs, { startMs, widthMs, tally }];
      }),
    ),
    crashes,
    jobs: new Map(jobs.map(([jid, ms, seenAtMs]) => [jid, { ms, seenAtMs }])),
  };
}
