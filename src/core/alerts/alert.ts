import { z } from 'zod';
import type { Incident } from '../history/incident.ts';
import { bendsFigures, TroubleSchema } from './trouble.ts';

const PHASES = ['pending', 'open', 'corrected', 'closed'] as const;

/**
 * One trouble, from its beginning to its end. What is pending waits until it has lasted; what is open is told and edited in
 * place; what was wrong is taken back; what is over is closed and comes again only as a new trouble.
 */
export const AlertSchema = z.object({
  /** One of each at a time: `crash loop`, `backlog`, `likely class NAME`. */
  key: z.string(),
  phase: z.enum(PHASES),
  trouble: TroubleSchema,
  /** When it began, as far as is known; and when the phase was entered. */
  sinceMs: z.number(),
  phaseAtMs: z.number(),
  /** Since when all has looked well, while that is not yet believed. */
  calmSinceMs: z.number().optional(),
});

export type Alert = z.output<typeof AlertSchema>;

/** What is remembered between two looks. */
export type AlertState = { readonly alerts: readonly Alert[] };

export const NO_ALERTS: AlertState = { alerts: [] };

/** Puts an alert in the place of the one with its key, or at the end. */
export function withAlert(alerts: readonly Alert[], alert: Alert): readonly Alert[] {
  const isThere = alerts.some(({ key }) => key === alert.key);
  return isThere ? alerts.map((one) => (one.key === alert.key ? alert : one)) : [...alerts, alert];
}

/** That it is over is only known when it has been calm for a while; this is when it was. */
export function endOf({ trouble, phaseAtMs, calmSinceMs }: Alert): number {
  return trouble.kind === 'crash loop' ? trouble.lastCrashAtMs : (calmSinceMs ?? phaseAtMs);
}

/** As it is kept for the morning, and so that nothing is learned from it. */
export function incidentOf(sidekiq: string, alert: Alert): Incident {
  const { phase, trouble, sinceMs } = alert;
  return {
    sidekiq,
    id: idOf(alert),
    sinceMs,
    untilMs: phase === 'open' ? undefined : Math.max(endOf(alert), sinceMs),
    bendsFigures: phase !== 'corrected' && bendsFigures(trouble),
    body: JSON.stringify(alert),
  };
}

/** One trouble at one time: the same kind again later is another. Messages, incidents and presses name it so. */
export function idOf({ key, sinceMs }: Pick<Alert, 'key' | 'sinceMs'>): string {
  return `${key}@${sinceMs}`;
}

/** The alert of an incident. Throws at anything that `incidentOf` did not write. */
export function parseAlert(body: string): Alert {
  return AlertSchema.parse(JSON.parse(body));
}
