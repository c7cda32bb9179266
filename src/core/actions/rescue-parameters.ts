import { z } from 'zod';

const MAX_LISTS = 50;
const MAX_CLASSES = 20;

const names = (most: number) =>
  z
    .array(z.string().min(1).max(500))
    .max(most)
    .transform((all) => [...new Set(all)].sort());

export const rescueParameters = z.strictObject({
  /** Keys of private lists; empty for all that may be moved. */
  lists: names(MAX_LISTS).default([]),
  /** Suspects are archived instead of left in their lists. */
  archiveSuspects: z.boolean().default(false),
  /** The separate yes to jobs that are older than a week. */
  withOld: z.boolean().default(false),
  /** Classes that are treated as suspects, whatever the evidence says. */
  without: names(MAX_CLASSES).default([]),
  /** Suspects as they were when the plan was made (null: it is being made), so that what was approved does not change with the evidence. */
  suspects: names(MAX_CLASSES).nullable().default(null),
});

export type RescueParameters = z.output<typeof rescueParameters>;
