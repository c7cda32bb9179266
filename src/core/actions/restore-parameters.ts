import { z } from 'zod';

export const restoreParameters = z.strictObject({
  /** The action whose archive it is. */
  archive: z.string().min(1).max(40),
  /** Of all that were archived; what is owed of them is the most. */
  percent: z.int().min(1).max(100).default(100),
  /** The approvers accept that workers may crash of it. */
  despiteCrashes: z.boolean().default(false),
});

export type RestoreParameters = z.output<typeof restoreParameters>;
