import { countCrashes, crashedSince } from '../../core/actions/crashed-since.ts';
import { counted } from '../../core/amounts.ts';
import { at, plainText, say } from '../../core/reply/text.ts';
import type { ArchiveReader } from '../../ports/archive.ts';
import type { Clock } from '../../ports/host.ts';
import type { ObservedSidekiq } from '../command.ts';
import type { GoOn, Work } from '../guarded.ts';

/** A worker that a job kills does it within minutes, and is known to be dead a minute after. */
const WATCH_MS = 5 * 60_000;
const LOOK_EVERY_MS = 15_000;
/** Evidence is kept in minutes. */
const MINUTE_MS = 60_000;

/**
 * Watches for a while what the jobs that went back do to the workers, so that nobody is offered the next share before it is
 * known of this one. Stop ends the watching only. It counts from when they went back, so a bot that is killed meanwhile
 * begins no second watch. Gives a sentence; undefined when nothing went back.
 */
export async function watchRestored(
  work: Work,
  sidekiq: ObservedSidekiq,
  store: Pick<ArchiveReader, 'endedBy'>,
  clock: Clock,
): Promise<string | undefined> {
  const restored = (await store.endedBy(work.id)).filter(({ end }) => end === 'restored');
  if (restored.length === 0) return undefined;
  const times = restored.map(({ atMs }) => atMs);
  const [firstMs, lastMs] = [Math.min(...times), Math.max(...times)];
  const restMs = Math.min(WATCH_MS, Math.max(0, lastMs + WATCH_MS - clock.nowMs()));
  const untilMs = clock.steadyMs() + restMs;
  const until = plainText(say`${at(clock.nowMs() + restMs)}`);
  const done = restored.reduce((sum, { jobs }) => sum + jobs, 0);
  const look = async () => {
    const nowMs = clock.nowMs();
    const { account } = await sidekiq.suspicion(nowMs - firstMs + MINUTE_MS);
    return { crashes: countCrashes(account.crashes, firstMs), words: crashedSince(account, firstMs, nowMs) };
  };
  const tell = (crashes: number): Promise<GoOn> => {
    const told = crashes === 0 ? '' : `; ${counted(crashes, 'worker')} crashed since`;
    return work.step({ done, planned: done, note: `watches for crashes until ${until}${told}` });
  };
  let seen = await look();
  let answer = await tell(seen.crashes);
  while (answer === 'go on' && clock.steadyMs() < untilMs) {
    answer = await work.pause(Math.min(LOOK_EVERY_MS, untilMs - clock.steadyMs()));
    const before = seen.crashes;
    seen = await look();
    if (answer === 'go on' && seen.crashes !== before) answer = await tell(seen.crashes);
  }
  return answer === 'stop' ? `The watching was stopped. ${seen.words}` : seen.words;
}
