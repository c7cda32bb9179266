import { type Evidence, observe } from '../core/attribution/evidence.ts';
import { type Termination, terminationOf } from '../core/attribution/termination.ts';
import type { Snapshot } from '../core/sidekiq/snapshot.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { TerminationReader } from '../ports/reading.ts';

/** A pod keeps only its last end: who crashes every half minute must be asked more often than that. */
const ASK_EVERY_MS = 15_000;
const REMEMBERED = 500;
/** A crash that the platform has not told of by then never will be. */
const UNEXPLAINED_MS = 5 * 60_000;

/** Joins what the container platform says of ends to the crashes that were seen. */
export class TerminationFollower {
  readonly #reader: TerminationReader;
  readonly #clock: Clock;
  readonly #log: Log;
  #found: readonly Termination[] = [];
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;
  #trouble: string | undefined;

  constructor(reader: TerminationReader, clock: Clock, log: Log) {
    this.#reader = reader;
    this.#clock = clock;
    this.#log = log;
  }

  /** What the platform has told so far, the latest last. */
  get found(): readonly Termination[] {
    return this.#found;
  }

  /** Why the platform says nothing, if it does not. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** After each look: asks while processes are silent or crashes unexplained, and never holds up the look. */
  look(snapshot: Snapshot, evidence: Evidence): void {
    this.#join(evidence);
    const isNeeded =
      snapshot.processes.some(({ state }) => state !== 'alive') ||
      evidence.crashes.some(
        (crash) => crash.termination === undefined && crash.atMs > snapshot.takenAtMs - UNEXPLAINED_MS,
      );
    if (isNeeded) void this.ask(evidence);
  }

  /**
   * Asks, unless that was a moment ago. Without evidence for whoever is asked while another bot watches, and so has followed
   * nothing: the pods keep their last ends. Takes seconds at most.
   */
  async ask(evidence?: Evidence): Promise<void> {
    const atMs = this.#clock.steadyMs();
    if (this.#asking === undefined && atMs - this.#askedAtMs >= ASK_EVERY_MS) {
      this.#askedAtMs = atMs;
      this.#asking = this.#read(evidence)
        // Of a look nobody waits for it, and what nobody hears ends the bot.
        .catch((error: unknown) => this.#log.error({ err: error }, 'how workers ended could not be asked'))
        .finally(() => {
          this.#asking = undefined;
        });
    }
    await this.#asking;
  }

  async settle(): Promise<void> {
    await this.#asking;
  }

  async #read(evidence: Evidence | undefined): Promise<void> {
    const answer = await this.#reader.terminations();
    this.#trouble = answer.kind === 'unread' ? answer.sentence : undefined;
    if (answer.kind === 'unread') return;
    const fresh = answer.found.filter(
      ({ pod, atMs }) => !this.#found.some((known) => known.pod === pod && known.atMs === atMs),
    );
    this.#found = [...this.#found, ...fresh].slice(-REMEMBERED);
    if (evidence !== undefined) this.#join(evidence);
  }

  #join(evidence: Evidence): void {
    for (const crash of evidence.crashes) {
      if (crash.termination !== undefined) continue;
      const told = terminationOf(crash, this.#found);
      if (told === undefined) continue;
      const { reason, exitCode } = told;
      observe(evidence, { kind: 'termination told', identity: crash.identity, reason, exitCode });
    }
  }
}
