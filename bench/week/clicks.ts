import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery } from '../../src/sandbox/delivery.ts';
import type { Outcome } from '../../src/sandbox/page/api.ts';
import type { Answered } from './sight.ts';

/** Slack gives three seconds to acknowledge; a moment more until the sandbox has counted them. */
const ACK_MS = 3000;
const SETTLED_MS = 3500;
/** Slack and Redis are spoiled all the time, and a frozen bot answers when it wakes. */
const ANSWER_MS = 45_000;
const LOOK_MS = 200;

/** When a bot could not hear: its socket was cut, or it was killed, stopped or frozen; `untilMs` is infinite while it lasts. */
type Deafness = { readonly fromMs: number; untilMs: number; readonly isKilled: boolean };

/** Everything that people did, and whether each was acknowledged and answered. */
export class Clicks {
  count = 0;
  answered = 0;
  /** Slack itself told that the app did not hear. */
  failed = 0;
  /** What was pressed had gone before the press arrived. */
  gone = 0;
  /** A bot was killed meanwhile, perhaps the one that was about to answer: people ask again. */
  excusedAnswers = 0;
  readonly unanswered: string[] = [];
  acknowledged = 0;
  slowestAckMs = 0;
  excusedAcks = 0;
  readonly unacknowledged: string[] = [];
  /** The longest that the machine held up this very program, and the bots beside it. */
  longestStandstillMs = 0;
  readonly #deafness: Deafness[] = [];
  readonly #judged = new Set<string>();

  /** A bot can't hear from now on, until the returned is called. Only one that is killed forgets what it heard. */
  deafen(isKilled: boolean): () => void {
    const deafness = { fromMs: Date.now(), untilMs: Number.POSITIVE_INFINITY, isKilled };
    this.#deafness.push(deafness);
    return () => {
      deafness.untilMs = Date.now();
    };
  }

  /** A busy machine let nobody do anything for so long: no bot could have heard either. */
  stoodStill(fromMs: number, untilMs: number): void {
    this.#deafness.push({ fromMs, untilMs, isKilled: false });
    this.longestStandstillMs = Math.max(this.longestStandstillMs, untilMs - fromMs);
  }

  /** Does something in a person's place and waits for its answer. */
  async follow(what: string, deed: () => Promise<Outcome>, look: () => Answered | undefined): Promise<void> {
    const fromMs = Date.now();
    this.count += 1;
    const outcome = await deed().catch((error: Error): Outcome => ({ ok: false, problem: error.message }));
    if (!outcome.ok) {
      this.gone += 1;
      return;
    }
    for (;;) {
      const seen = look();
      if (seen === 'answered') {
        this.answered += 1;
        return;
      }
      if (seen === 'failed') {
        this.failed += 1;
        return;
      }
      if (seen === 'lost') {
        // No fault excuses it: what a window is about is in the store.
        this.unanswered.push(`${new Date(fromMs).toISOString()} ${what}: its window was lost`);
        return;
      }
      if (Date.now() - fromMs > ANSWER_MS) break;
      await pause(LOOK_MS);
    }
    const kills = this.#deafness.filter(({ isKilled }) => isKilled);
    if (overlaps(kills, fromMs, Date.now())) this.excusedAnswers += 1;
    else this.unanswered.push(`${new Date(fromMs).toISOString()} ${what}`);
  }

  /** Judges what was delivered and has had its three seconds. To be called more often than the sandbox forgets. */
  judge(deliveries: readonly Delivery[], nowMs: number): void {
    for (const { envelopeId, sentAtMs, acks, kind } of deliveries) {
      if (nowMs - sentAtMs < SETTLED_MS || this.#judged.has(envelopeId)) continue;
      this.#judged.add(envelopeId);
      const [first] = acks;
      if (first !== undefined && !first.isLate) {
        this.acknowledged += 1;
        this.slowestAckMs = Math.max(this.slowestAckMs, first.afterMs);
      } else if (overlaps(this.#deafness, sentAtMs, sentAtMs + ACK_MS)) this.excusedAcks += 1;
      else this.unacknowledged.push(`${new Date(sentAtMs).toISOString()} ${kind}`);
    }
  }
}

function overlaps(deafness: readonly Deafness[], fromMs: number, toMs: number): boolean {
  return deafness.some((one) => one.fromMs <= toMs && one.untilMs >= fromMs);
}
