import type { Clock, Log } from '../ports/host.ts';
import type {
  ClassFinder,
  ClassWorkReader,
  DeathReader,
  PastCountReader,
  RescuedFinder,
  SidekiqReader,
  StrandedReader,
  TraceReader,
} from '../ports/reading.ts';
import { connect } from './connect.ts';
import { countBacklog } from './count-backlog.ts';
import { findClass } from './find-class.ts';
import type { OwnLoad } from './own-load.ts';
import { openPlace } from './place.ts';
import { readClassWork } from './read-class-work.ts';
import { readContents } from './read-contents.ts';
import { deathReader } from './read-deaths.ts';
import { readPastCounts } from './read-past-counts.ts';
import { readTraces } from './read-traces.ts';
import { rescuedFinder } from './rescue/find-waiting.ts';
import { takeSnapshot } from './take-snapshot.ts';

export type ReaderOptions = {
  /** Its name in the configuration. */
  readonly sidekiq: string;
  readonly url: string;
  /** redis-namespace's prefix, without the colon; empty for none. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly log?: Log;
  readonly load?: OwnLoad;
};

/**
 * A reader of one sidekiq. It connects when it is first asked and sends reading commands only.
 * @throws {RedisUnavailable} when the URL itself is of no use.
 */
export function openReader(
  options: ReaderOptions,
): SidekiqReader &
  ClassFinder &
  ClassWorkReader &
  StrandedReader &
  RescuedFinder &
  DeathReader &
  TraceReader &
  PastCountReader {
  const connection = connect(options);
  const place = openPlace(connection, options);
  const { keys } = place;
  return {
    ...deathReader(connection, keys),
    ...rescuedFinder(connection, keys),
    pastCounts: (nowMs) => readPastCounts(connection, keys, nowMs),
    traces: (snapshot) => readTraces(connection, keys, snapshot),
    snapshot: () => takeSnapshot(place),
    countBacklog: (request) => countBacklog(place, request),
    contentsOf: (snapshot, budgetMs) => readContents(connection, snapshot, budgetMs),
    classWork: (nowMs) => readClassWork(connection, keys, nowMs),
    findClass: (search) => findClass(place, search),
    share: () => connection.load.share,
    close: async () => connection.close(),
  };
}
