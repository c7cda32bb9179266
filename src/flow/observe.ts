import type { ClassFound, ClassSearch } from '../core/actions/purge-found.ts';
import { believe } from '../core/attribution/belief.ts';
import type { Evidence } from '../core/attribution/evidence.ts';
import { summarise } from '../core/attribution/summary.ts';
import { judge, suspectsOf } from '../core/attribution/verdict.ts';
import { crashesIn } from '../core/health/crashes.ts';
import { type Sample, sampleOf } from '../core/health/sample.ts';
import type { SameHour } from '../core/history/same-hour.ts';
import { pollAfterMs } from '../core/load.ts';
import { type Stillness, watchStillness } from '../core/migration/stillness.ts';
import { type Survey, surveyFrom } from '../core/migration/survey.ts';
import type { SidekiqPolicy } from '../core/policy.ts';
import { type ClassFigures, classFigures } from '../core/report/class-figures.ts';
import type { Backlog, BacklogRequest } from '../core/sidekiq/backlog.ts';
import type { Snapshot } from '../core/sidekiq/snapshot.ts';
import type { Clock, Log } from '../ports/host.ts';
import type {
  ClassFinder,
  ClassWorkReader,
  RescuedFinder,
  SidekiqReader,
  StrandedReader,
  TraceReader,
} from '../ports/reading.ts';
import type { Observation, ObservedSidekiq, Suspicion } from './command.ts';
import type { Past } from './past.ts';
import { suspicionOf } from './suspicion.ts';
import type { Watching } from './watching.ts';

/** Long enough to see a backlog's direction and a crash loop; at one sample a poll some two hundred small objects. */
const KEPT_MS = 15 * 60_000;
/** People who press Refresh together, and a poll at the same moment, share one reading. */
const FRESH_MS = 1000;
/** Two samples closer together than this say nothing about a direction. */
const APART_MS = 2000;

type ObservedReader = SidekiqReader &
  ClassWorkReader &
  ClassFinder &
  StrandedReader &
  RescuedFinder &
  TraceReader;

/** For who watches the bot (src/metrics). */
type Seen = {
  readonly sidekiq: string;
  readonly last: { readonly snapshot: Snapshot; readonly ageMs: number } | undefined;
  readonly isWatching: boolean;
  readonly suspects: readonly { readonly jobClass: string; readonly p: number }[];
};

function suspectsIn(evidence: Evidence): Seen['suspects'] {
  return believe(summarise(evidence)).classes;
}

/**
 * Looks at one sidekiq again and again, so that a question finds not only what is but where it is going.
 * A reading that fails is logged and the next turn tries again; a question that fails throws to its asker.
 */
export class Observer implements ObservedSidekiq, RescuedFinder {
  readonly policy: SidekiqPolicy;
  readonly #reader: ObservedReader;
  readonly #watching: Watching;
  readonly #past: Past;
  readonly #clock: Clock;
  readonly #log: Log;
  #samples: readonly Sample[] = [];
  #latest: { readonly snapshot: Snapshot; readonly readAtMs: number } | undefined;
  #reading: Promise<Snapshot> | undefined;
  #stillness: Stillness = new Map();
  #stillSinceMs: number | undefined;
  readonly #counts = new Map<string, Promise<Backlog>>();
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(
    policy: SidekiqPolicy,
    reader: ObservedReader,
    watching: Watching,
    past: Past,
    clock: Clock,
    log: Log,
  ) {
    this.policy = policy;
    this.#reader = reader;
    this.#watching = watching;
    this.#past = past;
    this.#clock = clock;
    this.#log = log;
  }

  /** Begins to look every `policy.pollMs`, or less often where Redis is slow. */
  start(): void {
    this.#loop ??= this.#watch();
  }

  async observe(): Promise<Observation> {
    const snapshot = await this.#fresh();
    const evidence = (await this.#watching.memory())?.evidence;
    const crashes = evidence && crashesIn(evidence, snapshot.takenAtMs);
    return { snapshot, samples: this.#samples, crashes, sameHour: await this.#sameHour(snapshot) };
  }

  /** Like `observe`, after waiting until two samples are far enough apart to show a direction. For the terminal, which has no past. */
  async observeTwice(): Promise<Observation> {
    await this.#fresh();
    await this.#clock.wait(APART_MS, this.#stop.signal);
    return this.observe();
  }

  /** People who ask for the same at the same time share one count: side by side they would share its time instead. */
  countBacklog(request: BacklogRequest): Promise<Backlog> {
    const key = JSON.stringify([request.queue, request.budgetMs]);
    const counting = this.#counts.get(key);
    if (counting !== undefined) return counting;
    const count = this.#reader.countBacklog(request).finally(() => this.#counts.delete(key));
    this.#counts.set(key, count);
    return count;
  }

  findWaiting(...search: Parameters<RescuedFinder['findWaiting']>): ReturnType<RescuedFinder['findWaiting']> {
    return this.#reader.findWaiting(...search);
  }

  findClass(search: ClassSearch): Promise<ClassFound> {
    return this.#reader.findClass(search);
  }

  async survey(budgetMs: number): Promise<Survey> {
    const startedAtMs = performance.now();
    // What is moved next is decided by it, so nothing older than the question.
    const snapshot = await this.#fresh(0);
    const contents = await this.#reader.contentsOf(snapshot, budgetMs);
    // What the watcher has seen is enough here: traces that lie around name whatever lies stranded.
    const evidence = (await this.#watching.memory())?.evidence;
    return surveyFrom({
      snapshot,
      contents,
      stillness: this.#stillness,
      watchedSinceMs: this.#stillSinceMs ?? snapshot.takenAtMs,
      suspects: evidence === undefined ? [] : suspectsOf(judge(evidence)).map(({ jobClass }) => jobClass),
      tookMs: performance.now() - startedAtMs,
    });
  }

  /** Jobs that were done in the last hour, by class; undefined where Sidekiq keeps no metrics. */
  async doneLastHour(): Promise<ReadonlyMap<string, number> | undefined> {
    return (await this.#reader.traces(await this.#fresh())).endedLastHour;
  }

  /** What was seen last, without asking Redis or the store for anything. */
  get seen(): Seen {
    const own = this.#watching.own;
    return {
      sidekiq: this.policy.name,
      last: this.#latest && {
        snapshot: this.#latest.snapshot,
        ageMs: this.#clock.steadyMs() - this.#latest.readAtMs,
      },
      isWatching: own !== undefined,
      suspects: own === undefined || own.evidence.crashes.length === 0 ? [] : suspectsIn(own.evidence),
    };
  }

  async suspicion(windowMs?: number): Promise<Suspicion> {
    return suspicionOf(await this.#fresh(), this.#watching, this.#reader, windowMs);
  }

  async classFigures(windowMs: number): Promise<readonly ClassFigures[]> {
    const nowMs = this.#clock.nowMs();
    const work = await this.#reader.classWork(nowMs);
    return classFigures(work, (await this.#watching.memory())?.evidence, nowMs - windowMs);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await this.#watching.stop();
    await this.#reader.close();
  }

  async #watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#watching.see(await this.#fresh(), this.#samples);
      } catch (error) {
        this.#log.warn({ sidekiq: this.policy.name, err: error }, 'this sidekiq could not be read');
      }
      await this.#clock.wait(pollAfterMs(this.policy.pollMs, this.#reader.share()), this.#stop.signal);
    }
  }

  /** Undefined where the past can't be read: then nobody says what is usual. */
  async #sameHour({ takenAtMs }: Snapshot): Promise<SameHour | undefined> {
    try {
      return await this.#past.sameHour(takenAtMs);
    } catch (error) {
      this.#log.warn({ sidekiq: this.policy.name, err: error }, 'what is usual could not be read');
      return undefined;
    }
  }

  #fresh(maxAgeMs = FRESH_MS): Promise<Snapshot> {
    const latest = this.#latest;
    if (latest !== undefined && this.#clock.steadyMs() - latest.readAtMs < maxAgeMs) {
      return Promise.resolve(latest.snapshot);
    }
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<Snapshot> {
    const snapshot = await this.#reader.snapshot();
    const sample = sampleOf(snapshot);
    this.#stillSinceMs ??= snapshot.takenAtMs;
    this.#stillness = watchStillness(this.#stillness, snapshot.privateLists, snapshot.takenAtMs);
    this.#latest = { snapshot, readAtMs: this.#clock.steadyMs() };
    // Redis's clock can step back after a failover; samples must stay in order.
    const kept = this.#samples.filter(({ atMs }) => atMs > sample.atMs - KEPT_MS && atMs < sample.atMs);
    this.#samples = [...kept, sample];
    return snapshot;
  }
}
