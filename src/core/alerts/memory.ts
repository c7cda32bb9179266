import { z } from 'zod';
import { AlertSchema, type AlertState, NO_ALERTS } from './alert.ts';
import { type Digest, DigestSchema } from './digest.ts';

/** All that must outlast a restart, so that nothing is told twice. */
export type AlertMemory = { readonly state: AlertState; readonly digests: readonly Digest[] };

export const NOTHING_TOLD: AlertMemory = { state: NO_ALERTS, digests: [] };

const Stored = z.object({
  version: z.literal(2),
  alerts: z.array(AlertSchema).readonly(),
  digests: z.array(DigestSchema).readonly(),
});

export function freezeAlerts({ state, digests }: AlertMemory): string {
  return JSON.stringify({ version: 2, alerts: state.alerts, digests } satisfies z.input<typeof Stored>);
}

/** Throws at anything that `freezeAlerts` did not write. */
export function thawAlerts(text: string): AlertMemory {
  const { alerts, digests } = Stored.parse(JSON.parse(text));
  return { state: { alerts }, digests };
}
