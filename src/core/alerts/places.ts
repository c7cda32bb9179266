import type { Alert } from './alert.ts';
import { alertsOf, type Digest, isLive, type ToldAlert } from './digest.ts';
import { type Handled, handlingOf } from './handling.ts';
import { isGraver } from './trouble.ts';

/** After so long without anything new, what begins is another story; so is what comes back. */
const STORM_MS = 60 * 60_000;

/**
 * Where news is told; under undefined stands what needs a message of its own. What comes back soon goes where it was told
 * before, for it is the same story: else a trouble that comes and goes is a message each time. Other news joins a storm.
 */
export function placesOf(
  news: readonly ToldAlert[],
  digests: readonly Digest[],
  alerts: readonly Alert[],
  handled: Handled,
  nowMs: number,
): ReadonlyMap<Digest | undefined, readonly ToldAlert[]> {
  const fresh = news.filter((alert) => earlierOf(alert, digests) === undefined);
  const storm = digests.findLast(
    (digest) =>
      isLive(digest) &&
      nowMs - digest.grewAtMs < STORM_MS &&
      isHeardIn(fresh, digest, alertsOf(digest, alerts), handled, nowMs),
  );
  return Map.groupBy(news, (alert) => earlierOf(alert, digests) ?? storm);
}

/**
 * An edit wakes nobody. It is enough where people still look, and have been told of something as bad; whoever took a message
 * up, or wants no more of it, did so before this began.
 */
function isHeardIn(
  fresh: readonly ToldAlert[],
  digest: Digest,
  members: readonly ToldAlert[],
  handled: Handled,
  nowMs: number,
): boolean {
  const { mute, ack } = handlingOf(digest, members, handled, nowMs);
  const open = members.filter(({ phase }) => phase === 'open').map(({ trouble }) => trouble);
  return mute === undefined && ack === undefined && !fresh.some(({ trouble }) => isGraver(trouble, open));
}

/** The message that told of the same trouble, if that was over for less than an hour when it began again. */
function earlierOf({ key, sinceMs }: Alert, digests: readonly Digest[]): Digest | undefined {
  return digests.findLast(({ members }) =>
    members.some(
      (member) =>
        member.key === key && member.phaseAtMs !== undefined && sinceMs - member.phaseAtMs < STORM_MS,
    ),
  );
}
