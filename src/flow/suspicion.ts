import { startEvidence } from '../core/attribution/evidence.ts';
import { hintsIn } from '../core/attribution/hints.ts';
import type { Snapshot } from '../core/sidekiq/snapshot.ts';
import { type Account, accountOf } from '../core/suspects/account.ts';
import type { TraceReader } from '../ports/reading.ts';
import type { Suspicion } from './command.ts';
import type { Watching } from './watching.ts';

/** From so many crashes on, what was seen live says more than what lies around. */
const ENOUGH_CRASHES = 3;

/** What was watched, and where that is little, what an incident has left lying around. @throws {RedisUnavailable} */
export async function suspicionOf(
  snapshot: Snapshot,
  watching: Watching,
  reader: TraceReader,
  windowMs: number | undefined,
): Promise<Suspicion> {
  const { takenAtMs } = snapshot;
  const evidence = (await watching.memory())?.evidence ?? startEvidence();
  const account = accountOf(evidence, windowMs === undefined ? undefined : takenAtMs - windowMs);
  const podEnds = await watching.podEnds();
  const hints = saysEnough(account)
    ? undefined
    : hintsIn({ ...(await reader.traces(snapshot)), terminations: podEnds?.found ?? [] });
  return { takenAtMs, account, hints, platformTrouble: podEnds?.trouble };
}

function saysEnough({ verdict, crashes }: Account): boolean {
  return verdict.kind === 'likely' || crashes.length >= ENOUGH_CRASHES;
}
