import { z } from 'zod';
import { type Alert, idOf } from './alert.ts';

/**
 * What one message tells: the troubles of a sidekiq that began close to each other. One trouble seldom comes alone, and nine
 * messages of one night hide what matters. What begins later than that gets a message of its own: an edit wakes nobody.
 */
export const DigestSchema = z.object({
  /** Of the alert that it began with: it stands in buttons. */
  id: z.string(),
  message: z.object({ channel: z.string(), id: z.string() }),
  /** When it was posted, or something joined it. */
  grewAtMs: z.number(),
  /** When its thread was reminded last. */
  remindedAtMs: z.number().optional(),
  members: z
    .array(
      z.object({
        key: z.string(),
        sinceMs: z.number(),
        /** The phase that was told last. */
        phase: z.enum(['open', 'corrected', 'closed']),
      }),
    )
    .readonly(),
  /** A digest of what the message shows. */
  shown: z.string(),
});

export type Digest = z.output<typeof DigestSchema>;
type Member = Digest['members'][number];

/** After so long without anything new, what begins is another story. */
const STORM_MS = 60 * 60_000;

/** Alerts that have been told, or are to be, and not yet forgotten. */
export type ToldAlert = Alert & { readonly phase: Member['phase'] };

/** The alerts of a message, as they are now; what is forgotten has been told for good. */
export function alertsOf(
  { members }: Pick<Digest, 'members'>,
  alerts: readonly Alert[],
): readonly ToldAlert[] {
  return members.flatMap(({ key, sinceMs }) => {
    const alert = alerts.find((each) => each.key === key && each.sinceMs === sinceMs);
    return alert !== undefined && isTold(alert) ? [alert] : [];
  });
}

export function isLive({ members }: Pick<Digest, 'members'>): boolean {
  return members.some(({ phase }) => phase === 'open');
}

/** The message that tells of an open alert. */
export function digestOf(key: string, digests: readonly Digest[]): Digest | undefined {
  return digests.find(({ members }) =>
    members.some((member) => member.key === key && member.phase === 'open'),
  );
}

/** Open alerts that no message tells of yet. */
export function untold(alerts: readonly Alert[], digests: readonly Digest[]): readonly ToldAlert[] {
  const told = new Set(digests.flatMap(({ members }) => members.map(idOf)));
  return alerts.filter(isTold).filter((alert) => alert.phase === 'open' && !told.has(idOf(alert)));
}

/** The message that new alerts join; undefined when they need one of their own. */
export function joinable(digests: readonly Digest[], nowMs: number): Digest | undefined {
  return digests.findLast((digest) => isLive(digest) && nowMs - digest.grewAtMs < STORM_MS);
}

/** With these alerts in it, as told; the same trouble that came back takes the place of the one before. */
export function withMembers(digest: Digest, alerts: readonly ToldAlert[]): Digest {
  const keys = new Set(alerts.map(({ key }) => key));
  const members = alerts.map(({ key, sinceMs, phase }) => ({ key, sinceMs, phase }));
  return { ...digest, members: [...digest.members.filter(({ key }) => !keys.has(key)), ...members] };
}

/** Which of its alerts have entered another phase since that was told. */
export function turned(digest: Digest, alerts: readonly ToldAlert[]): readonly ToldAlert[] {
  const told = new Map(digest.members.map((member) => [idOf(member), member.phase]));
  return alerts.filter((alert) => told.get(idOf(alert)) !== alert.phase);
}

function isTold(alert: Alert): alert is ToldAlert {
  return alert.phase !== 'pending';
}
