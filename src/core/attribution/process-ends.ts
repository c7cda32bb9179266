/**
 * How a process ended, told from what Redis still shows of it.
 *
 * A clean stop takes the name out of `processes` at once and leaves the hash to expire. A crash leaves both: the hash
 * for at most 60 s, the name until some other process cleans. (Reference 4.4 and 4.5; lib/sidekiq/launcher.rb.) So an
 * identity is followed from poll to poll, and judged when either half is missing:
 *
 *   name   hash          what it was
 *   there  there         alive, or silent: no beat for a while; wait
 *   gone   there         clean stop
 *   there  gone          crash; or killed while stopping, if it was quiet at its last beat; unknown if we did not look
 *   gone   gone          crash if its name outlived its beats while we watched; else nobody knows
 */

/** What one poll saw of one identity. `isNamed`: in `processes`. `hash`: undefined when it has expired. */
export type Sighting = {
  readonly identity: string;
  readonly isNamed: boolean;
  readonly hash: { readonly beatAtMs: number; readonly isQuiet: boolean } | undefined;
  /** Private lists of its own hold jobs: it did not take its leave. */
  readonly hasLeftJobs: boolean;
};

/** What is remembered of an identity between polls. Times are Redis's, but for `beatAtMs`, which is the process's. */
export type Followed = {
  readonly identity: string;
  readonly beatAtMs: number;
  readonly isQuiet: boolean;
  /** When we first saw this beat, by Redis's clock: the process's own clock may be wrong. */
  readonly beatSeenAtMs: number;
  /** The last poll in which its name was in `processes`. */
  readonly namedAtMs: number;
  readonly end: End | undefined;
};

export type End = 'crash' | 'clean stop' | 'killed while stopping' | 'unknown';

export type Judgement =
  | { readonly kind: 'appeared'; readonly identity: string }
  | { readonly kind: 'beat'; readonly identity: string; readonly beatAtMs: number }
  | { readonly kind: 'ended'; readonly identity: string; readonly end: End; readonly beatAtMs: number }
  /** It was held for dead and beats again: a cut line, a paused machine. */
  | { readonly kind: 'returned'; readonly identity: string; readonly beatAtMs: number };

/**
 * A name that stays this long after the last beat was not taken out by a stop: two and a half beats of 10 s (Sidekiq 7;
 * older ones beat every 5 s) and the poll that might have missed one.
 */
const OUTLIVED_MS = 30_000;
/**
 * Whoever did not look for this long (the bot was down, Redis was) may have missed beats, and a stop that was under way.
 * A crash is then only what private lists prove, or what was silent before.
 */
const HOLE_MS = 90_000;
/** An ended identity is remembered this long, so that its return is known as a return. */
const REMEMBERED_MS = 10 * 60_000;

/** Compares one poll with what was remembered. Sightings must include every followed identity that has not ended. */
export function judge(
  followed: ReadonlyMap<string, Followed>,
  sightings: readonly Sighting[],
  nowMs: number,
): { readonly followed: ReadonlyMap<string, Followed>; readonly judgements: readonly Judgement[] } {
  const next = new Map<string, Followed>();
  const judgements: Judgement[] = [];
  for (const [identity, known] of followed) {
    if (known.end === undefined || nowMs - known.namedAtMs < REMEMBERED_MS) next.set(identity, known);
  }
  for (const sighting of sightings) {
    const known = followed.get(sighting.identity);
    const [entry, said] = judgeOne(known, sighting, nowMs);
    if (entry !== undefined) next.set(sighting.identity, entry);
    judgements.push(...said);
  }
  return { followed: next, judgements };
}

function judgeOne(
  known: Followed | undefined,
  { identity, isNamed, hash, hasLeftJobs }: Sighting,
  nowMs: number,
): readonly [Followed | undefined, readonly Judgement[]] {
  if (known === undefined) {
    // A name without a hash at first sight is a crash from before our time: evidence of another kind, not an event.
    if (!isNamed || hash === undefined) return [undefined, []];
    const entry = { identity, ...hash, beatSeenAtMs: nowMs, namedAtMs: nowMs, end: undefined };
    return [
      entry,
      [
        { kind: 'appeared', identity },
        { kind: 'beat', identity, beatAtMs: hash.beatAtMs },
      ],
    ];
  }
  const isNewBeat = hash !== undefined && isNamed && hash.beatAtMs > known.beatAtMs;
  if (isNewBeat) {
    const entry = { identity, ...hash, beatSeenAtMs: nowMs, namedAtMs: nowMs, end: undefined };
    const kind = known.end === undefined ? 'beat' : 'returned';
    return [entry, [{ kind, identity, beatAtMs: hash.beatAtMs }]];
  }
  if (known.end !== undefined) return [isNamed ? { ...known, namedAtMs: nowMs } : known, []];
  const namedAtMs = isNamed ? nowMs : known.namedAtMs;
  const isWatched = nowMs - known.namedAtMs <= HOLE_MS || hasLeftJobs;
  const end = endOf(known, isNamed, hash !== undefined, isWatched);
  const entry = { ...known, namedAtMs, end };
  return [entry, end === undefined ? [] : [{ kind: 'ended', identity, end, beatAtMs: known.beatAtMs }]];
}

function endOf(known: Followed, isNamed: boolean, hasHash: boolean, isWatched: boolean): End | undefined {
  if (isNamed && hasHash) return undefined;
  if (!isNamed && hasHash) return 'clean stop';
  const outlived = (isNamed && isWatched) || known.namedAtMs - known.beatSeenAtMs >= OUTLIVED_MS;
  if (!outlived) return 'unknown';
  return known.isQuiet ? 'killed while stopping' : 'crash';
}
