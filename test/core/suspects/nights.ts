import type { Hint } from '../../../src/core/attribution/hints.ts';
import { accountOf } from '../../../src/core/suspects/account.ts';
import type { Suspicion } from '../../../src/flow/command.ts';
import { NOW_MS } from '../../snapshots.ts';
import { evidenceOf, type Life, observationsOf, victim } from '../attribution/incident.ts';

const CALM: Life = { beats: Array.from({ length: 60 }, () => ['SyncJob', 'MailJob']) };
const HALF_AN_HOUR_AGO_MS = NOW_MS - 30 * 60_000;

export function suspicionAfter(lives: readonly Life[], hints?: readonly Hint[]): Suspicion {
  const dated = lives.map((life, index) => ({ startedAtMs: HALF_AN_HOUR_AGO_MS + index * 15_000, ...life }));
  return { takenAtMs: NOW_MS, account: accountOf(evidenceOf(observationsOf(dated))), hints };
}

/** Nine processes killed by a rare class, an ordinary one stopped. */
export function disasterNight(): Suspicion {
  return suspicionAfter([
    CALM,
    CALM,
    { beats: [['SyncJob'], ['SyncJob']], end: 'clean stop' },
    ...Array.from({ length: 9 }, () => victim(['SyncJob', 'MailJob'], ['DisasterJob'])),
  ]);
}
