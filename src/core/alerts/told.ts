import { z } from 'zod';
import type { Alert, AlertState } from './alert.ts';
import { AlertStateSchema, NO_ALERTS } from './alert.ts';

/** What people have been told of an alert. */
export type Told = {
  /** Which trouble the message is about: one that is over and comes back gets a new message. */
  readonly sinceMs: number;
  readonly message: { readonly channel: string; readonly id: string };
  /** The phase that was told last, and a digest of what the message shows. */
  readonly phase: Alert['phase'];
  readonly shown: string;
};

/** All that must outlast a restart, so that nothing is told twice. */
export type AlertMemory = { readonly state: AlertState; readonly told: ReadonlyMap<string, Told> };

export const NOTHING_TOLD: AlertMemory = { state: NO_ALERTS, told: new Map() };

const Stored = z.object({
  version: z.literal(1),
  state: AlertStateSchema,
  told: z.array(
    z.tuple([
      z.string(),
      z.object({
        sinceMs: z.number(),
        message: z.object({ channel: z.string(), id: z.string() }),
        phase: z.enum(['open', 'corrected', 'closed']),
        shown: z.string(),
      }),
    ]),
  ),
});

export function freezeAlerts({ state, told }: AlertMemory): string {
  return JSON.stringify({ version: 1, state, told: [...told] } satisfies z.input<typeof Stored>);
}

/** Throws at anything that `freezeAlerts` did not write. */
export function thawAlerts(text: string): AlertMemory {
  const { state, told } = Stored.parse(JSON.parse(text));
  return { state: { ...NO_ALERTS, ...state }, told: new Map(told) };
}

/** What is to be done so that people know of an alert; undefined when they know all. */
export type Telling =
  | { readonly kind: 'post' }
  /** `followUp`: the thread hears of it, too. */
  | { readonly kind: 'edit'; readonly told: Told; readonly followUp: boolean };

/**
 * One message for each trouble. Muted means that nothing new is said; the message itself still tells how things are,
 * since an edit wakes nobody.
 */
export function tellingOf(
  alert: Alert,
  told: Told | undefined,
  shown: string,
  isMuted: boolean,
): Telling | undefined {
  const known = told === undefined || isNewTrouble(alert, told) ? undefined : told;
  if (known === undefined) return alert.phase === 'open' && !isMuted ? { kind: 'post' } : undefined;
  const isNewPhase = known.phase !== alert.phase;
  if (!isNewPhase && known.shown === shown) return undefined;
  return { kind: 'edit', told: known, followUp: isNewPhase && !isMuted };
}

function isNewTrouble(alert: Alert, told: Told): boolean {
  return alert.sinceMs !== told.sinceMs && alert.phase === 'open' && told.phase !== 'open';
}
