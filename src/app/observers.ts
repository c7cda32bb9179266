import { CLOCK } from '../clock.ts';
import { calendarsIn } from '../config/report-places.ts';
import type { SidekiqSettings, TerminalConfig } from '../config.ts';
import type { Alerter } from '../flow/alert.ts';
import { TerminationFollower } from '../flow/follow-terminations.ts';
import { Observer } from '../flow/observe.ts';
import { Past } from '../flow/past.ts';
import type { HistoryRecorder } from '../flow/record-history.ts';
import { Watching } from '../flow/watching.ts';
import { openTerminations } from '../kubernetes/terminations.ts';
import type { Log, Turns } from '../ports/host.ts';
import type { EvidenceStore, HistoryReader } from '../ports/memory.ts';
import { type Meter, UNMETERED } from '../ports/meter.ts';
import type { PastCountReader } from '../ports/reading.ts';
import { OwnLoad } from '../redis/own-load.ts';
import { openReader } from '../redis/reader.ts';

type Watch = {
  readonly store: EvidenceStore & HistoryReader;
  readonly turns: Turns;
  readonly recorderOf: (sidekiq: SidekiqSettings, reader: PastCountReader) => HistoryRecorder | undefined;
  readonly alerterOf: (sidekiq: SidekiqSettings, past: Past) => Alerter | undefined;
  readonly meter?: Meter;
};

/** Everybody who looks at a sidekiq, each with its own connection and what it remembers. */
export function observersOf(
  config: TerminalConfig,
  log: Log,
  { store, turns, recorderOf, alerterOf, meter = UNMETERED }: Watch,
): readonly Observer[] {
  const calendarOf = calendarsIn(config);
  return config.sidekiqs.map((sidekiq) => {
    const { policy, redisUrl, namespace, kubernetes } = sidekiq;
    const load = new OwnLoad({ sidekiq: policy.name, meter });
    const reader = openReader({
      sidekiq: policy.name,
      url: redisUrl.reveal(),
      namespace,
      clock: CLOCK,
      log,
      load,
    });
    const past = new Past(policy.name, store, calendarOf(policy.name));
    const watching = new Watching(policy.name, {
      reader,
      store,
      turns,
      recorder: recorderOf(sidekiq, reader),
      alerter: alerterOf(sidekiq, past),
      meter,
      terminations: kubernetes && new TerminationFollower(openTerminations(kubernetes), CLOCK, log),
      clock: CLOCK,
      log,
    });
    return new Observer(policy, reader, watching, past, CLOCK, log);
  });
}
