import { setTimeout as pause } from 'node:timers/promises';
import { isOpen } from '../src/core/approval/proposal.ts';
import { type Random, seededRandom } from '../src/sandbox/fleet/random.ts';
import type { Benchmark } from './benchmark.ts';
import { spoil } from './week/faults.ts';
import { live, pressTogether, type Stage } from './week/people.ts';
import { CAST } from './week/setting.ts';
import { labelsOn, messagesFor } from './week/sight.ts';
import { startWeek, type Week } from './week/stage.ts';
import { readVerdict } from './week/verdict.ts';

const DEFAULT_MINUTES = 10;
const PROGRESS_MS = 60_000;
/** More often than the sandbox forgets a delivery. */
const JUDGE_MS = 2000;
const RSS_MS = 5000;
const TOGETHER_MS = 15_000;
const TICK_MS = 100;
/** A third of what Slack gives for an acknowledgement. */
const STANDSTILL_MS = 1000;
/** Proposals expire after 90 s; what runs is stopped, and may have to wait for a lease. */
const SETTLE_WITHIN_MS = 5 * 60_000;

/**
 * A week of incident in an hour: three bots on one PostgreSQL, a simulated and a real Sidekiq, scripted people who use
 * everything, a fault every few seconds; then every job, every action and every click is accounted for.
 *
 *     npm run -s bench -- week --minutes 60 --seed 1
 */
export const week: Benchmark = {
  name: 'week',
  async run({ minutes = DEFAULT_MINUTES, seed = Date.now() % 1_000_000, logs }) {
    console.error(`week: ${minutes} minutes, --seed ${seed}`);
    await using stage = await startWeek({ minutes, seed, logs });
    await playWeek(stage, minutes * 60_000, seededRandom(seed));
    await comeToRest(stage);
    // Awaited here, for all of it ends with this function.
    return await readVerdict(stage);
  },
};

async function playWeek(stage: Week, lastsMs: number, random: Random): Promise<void> {
  const { sandbox, clicks } = stage;
  const over = AbortSignal.timeout(lastsMs);
  const people: Stage = { people: sandbox.people, clicks, known: stage.known, random, ended: over };
  const approvers = CAST.filter(({ does }) => does === 'both' || does === 'approves');
  await Promise.all([
    ...CAST.map((part) => live(part, people)),
    repeat(over, TOGETHER_MS, () => pressTogether(approvers.slice(0, 2), people)),
    repeat(over, RSS_MS, stage.sampleMemory),
    repeat(over, JUDGE_MS, async () => clicks.judge(sandbox.deliveries, Date.now())),
    watchForStandstill(over, clicks),
    repeat(over, PROGRESS_MS, async () => console.error(stage.progress())),
    spoil(stage, random, over, stage.faultCounts),
  ]);
}

/** Where others use the machine too, a timer of ours that is late by seconds tells that the bots had no turn either. */
async function watchForStandstill(ended: AbortSignal, clicks: Week['clicks']): Promise<void> {
  for (let lastMs = Date.now(); !ended.aborted; ) {
    await pause(TICK_MS);
    const nowMs = Date.now();
    if (nowMs - lastMs > STANDSTILL_MS) clicks.stoodStill(lastMs, nowMs);
    lastMs = nowMs;
  }
}

/** No more jobs, no more faults; what runs is stopped by people, and what waits is let expire. */
async function comeToRest(stage: Week): Promise<void> {
  const { sandbox, clicks, store, sidekiqs } = stage;
  for (const sidekiq of sidekiqs) sidekiq.stopProducing();
  const untilMs = Date.now() + SETTLE_WITHIN_MS;
  const { people } = sandbox;
  while (Date.now() < untilMs) {
    clicks.judge(sandbox.deliveries, Date.now());
    const open = (await store.proposals({ limit: 1000, isOpen: true })).filter(isOpen);
    if (open.length === 0) break;
    // All of them: what has run for long was said long ago.
    for (const message of messagesFor(people, 'U0BEN', Number.POSITIVE_INFINITY)) {
      if (labelsOn(message).includes('Stop'))
        await people.pressButton('U0BEN', message, 'Stop').catch(() => {});
    }
    await pause(JUDGE_MS);
  }
  await pause(2 * JUDGE_MS);
  clicks.judge(sandbox.deliveries, Date.now());
  await stage.stopBots();
  await Promise.all(sidekiqs.map((sidekiq) => sidekiq.stop()));
}

async function repeat(ended: AbortSignal, everyMs: number, deed: () => Promise<unknown>): Promise<void> {
  while (!ended.aborted) {
    await pause(everyMs, undefined, { signal: ended }).catch(() => {});
    if (!ended.aborted) await deed();
  }
}
