import type { Config } from '../config.ts';
import { purging } from '../flow/actions/purge.ts';
import { quieting } from '../flow/actions/quiet.ts';
import { quietingOld } from '../flow/actions/quiet-old.ts';
import { rescuing } from '../flow/actions/rescue.ts';
import { restoring } from '../flow/actions/restore.ts';
import { undoingRescues } from '../flow/actions/undo-rescue.ts';
import { writingOff } from '../flow/actions/write-off.ts';
import type { GuardedSidekiq } from '../flow/guarded.ts';
import type { Observer } from '../flow/observe.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { Meter } from '../ports/meter.ts';
import type { Store } from '../ports/store.ts';
import { OwnLoad } from '../redis/own-load.ts';
import { openPurger } from '../redis/purge/purger.ts';
import { openRescuer } from '../redis/rescue/rescuer.ts';
import { openRestorer } from '../redis/restore/restorer.ts';
import { openSignals } from '../redis/signals.ts';

type Hands = {
  readonly store: Store;
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
};

/** Those who write to a sidekiq are opened here and handed to nothing but its guarded actions. */
export function guardedSidekiqs(
  config: Config,
  observers: readonly Observer[],
  { store, holder, clock, log, meter }: Hands,
  opened: AsyncDisposableStack,
): readonly GuardedSidekiq[] {
  return config.sidekiqs.map(({ policy, redisUrl, namespace, approvals }) => {
    const load = new OwnLoad({ sidekiq: policy.name, use: 'acting', meter });
    const access = { sidekiq: policy.name, url: redisUrl.reveal(), namespace, log, load };
    const signals = openSignals(access);
    opened.defer(() => signals.close());
    const purger = openPurger({ ...access, clock, archive: store });
    opened.defer(() => purger.close());
    const restorer = openRestorer({ ...access, clock, archive: store });
    opened.defer(() => restorer.close());
    const rescuer = openRescuer({ ...access, clock, archive: store });
    opened.defer(() => rescuer.close());
    const observer = observers.find((each) => each.policy.name === policy.name);
    if (observer === undefined) throw new Error(`${policy.name} has no observer`);
    return {
      policy,
      rules: approvals,
      actions: [
        quieting(observer, signals, clock),
        purging(observer, purger, { store, holder, clock, log }),
        restoring(observer, restorer, store, clock),
        writingOff(policy.name, store),
        rescuing(observer, rescuer),
        quietingOld(observer, signals, clock),
        undoingRescues(observer, { finder: observer, rescuer, store }),
      ],
    };
  });
}
