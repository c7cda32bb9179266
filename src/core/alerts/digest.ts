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
        /** When that was entered; unknown of what an older bot told. */
        phaseAtMs: z.number().optional(),
        /** How many times it has come here, this one included; undefined: once. */
        times: z.number().optional(),
      }),
    )
    .readonly(),
  /** A digest of what the message shows. */
  shown: z.string(),
});

export type Digest = z.output<typeof DigestSchema>;
type Member = Digest['members'][number];

/** Alerts that have been told, or are to be, and not yet forgotten; `times` is how many times the message has told of it. */
export type ToldAlert = Alert & { readonly phase: Member['phase']; readonly times: number };

/** The alerts of a message, as they are now; what is forgotten has been told for good. */
export function alertsOf(
  { members }: Pick<Digest, 'members'>,
  alerts: readonly Alert[],
): readonly ToldAlert[] {
  return members.flatMap(({ key, sinceMs, times }) => {
    const alert = alerts.find((each) => each.key === key && each.sinceMs === sinceMs);
    return alert === undefined ? [] : asTold(alert, times);
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
  return alerts
    .filter((alert) => alert.phase === 'open' && !told.has(idOf(alert)))
    .flatMap((alert) => asTold(alert));
}

/** With these alerts in it, as told; the same trouble that came back takes the place of the one before. */
export function withMembers(digest: Digest, alerts: readonly Alert[]): Digest {
  const told = alerts.flatMap((alert) => asTold(alert));
  const keys = new Set(told.map(({ key }) => key));
  const members = told.map(({ key, sinceMs, phase, phaseAtMs }): Member => {
    const before = digest.members.find((member) => member.key === key);
    return { key, sinceMs, phase, phaseAtMs, times: before === undefined ? 1 : timesOf(before, sinceMs) };
  });
  return { ...digest, members: [...digest.members.filter(({ key }) => !keys.has(key)), ...members] };
}

/** What was taken back has not been one. */
function timesOf(before: Member, sinceMs: number): number {
  const { times = 1, phase } = before;
  return before.sinceMs === sinceMs || phase === 'corrected' ? times : times + 1;
}

/** Whether something is in it that its message has not told of yet. */
export function hasJoined({ members }: Digest, alerts: readonly Alert[]): boolean {
  const told = new Set(members.map(idOf));
  return alerts.some((alert) => !told.has(idOf(alert)));
}

/** Which of its alerts have entered another phase since that was told. */
export function turned(digest: Digest, alerts: readonly ToldAlert[]): readonly ToldAlert[] {
  const told = new Map(digest.members.map((member) => [idOf(member), member.phase]));
  return alerts.filter((alert) => told.get(idOf(alert)) !== alert.phase);
}

function asTold(alert: Alert, times = 1): readonly ToldAlert[] {
  return alert.phase === 'pending' ? [] : [{ ...alert, phase: alert.phase, times }];
}
