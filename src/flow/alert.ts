import { thawAcks } from '../core/alerts/acks.ts';
import { type AlertState, idOf } from '../core/alerts/alert.ts';
import { type Digest, isLive } from '../core/alerts/digest.ts';
import type { Handled } from '../core/alerts/handling.ts';
import { type AlertMemory, freezeAlerts, NOTHING_TOLD, thawAlerts } from '../core/alerts/memory.ts';
import { thawMutes } from '../core/alerts/mutes.ts';
import type { Reminders } from '../core/alerts/office-hours.ts';
import { stepAlerts } from '../core/alerts/step.ts';
import type { Evidence } from '../core/attribution/evidence.ts';
import { judge, type Verdict } from '../core/attribution/verdict.ts';
import { assess } from '../core/health/assess.ts';
import type { Sample } from '../core/health/sample.ts';
import type { SameHour } from '../core/history/same-hour.ts';
import type { SidekiqPolicy } from '../core/policy.ts';
import type { Snapshot } from '../core/sidekiq/snapshot.ts';
import type { Chat } from '../ports/chat.ts';
import type { Clock, Log, Notes } from '../ports/host.ts';
import type { HistoryStore } from '../ports/memory.ts';
import { IncidentKeeper } from './keep-incidents.ts';
import { LastingNotes } from './lasting-notes.ts';
import type { Past } from './past.ts';
import { AlertTeller } from './tell-alerts.ts';
import { Undelivered } from './undelivered.ts';
import { isNews, type Look } from './watch.ts';

/** Old crashes fall out of the window with time; a verdict takes some tens of milliseconds at most. */
const JUDGE_EVERY_MS = 5 * 60_000;
const SAVE_EVERY_MS = 30_000;
/** After a failure of the store nobody is pestered. */
const RETRY_AFTER_MS = 60_000;
/** While the past can't be read, what was usual then is taken for what is usual now. */
const USUAL_FOR_MS = 60 * 60_000;
/** Messages whose troubles are over and forgotten need not be remembered either; a storm may have a few. */
const MOST_DIGESTS = 50;

type Outside = {
  readonly chat: Chat;
  readonly store: Notes;
  readonly history: Pick<HistoryStore, 'saveIncident'>;
  readonly past: Past;
  /** Where it is told; without one it is only kept. */
  readonly channel: string | undefined;
  /** Where those who run the bot hear that it can't be told there. */
  readonly operatorsChannels: readonly string[];
  readonly reminders: Reminders;
  readonly clock: Clock;
  readonly log: Log;
};

export const alertsId = (sidekiq: string): string => `alerts/${sidekiq}`;
export const mutesId = (sidekiq: string): string => `mutes/${sidekiq}`;
export const acksId = (sidekiq: string): string => `acks/${sidekiq}`;

const NOT_HANDLED: Handled = { mutes: thawMutes(undefined), acks: thawAcks(undefined) };

/**
 * Follows each trouble through its life, and says by itself what people must know of it, once: posts, edits in place, takes
 * back, closes. What was alerted is kept whether or not there is a channel to tell it: nothing is learned from an incident.
 * All of that goes on while the store is gone, which often dies together with the fleet; what was told is written when it is back.
 */
export class Alerter {
  readonly #policy: SidekiqPolicy;
  readonly #outside: Outside;
  readonly #notes: LastingNotes;
  readonly #incidents: IncidentKeeper;
  readonly #teller: AlertTeller | undefined;
  #memory: AlertMemory | undefined;
  #verdict: { readonly verdict: Verdict; readonly atMs: number } | undefined;
  #saved = { phases: '', atMs: 0 };
  #usual: { readonly sameHour: SameHour; readonly atMs: number } | undefined;
  #usualAgainAtMs = 0;
  #retryAtMs = 0;
  #telling: Promise<void> | undefined;
  /** How often; what is being told meanwhile is not noted over what another tells. */
  #rests = 0;
  #firstFailureAtMs: number | undefined;

  constructor(policy: SidekiqPolicy, outside: Outside) {
    this.#policy = policy;
    this.#outside = outside;
    this.#notes = new LastingNotes(outside.store, outside);
    this.#incidents = new IncidentKeeper(policy.name, outside);
    const { channel, past } = outside;
    this.#teller =
      channel === undefined
        ? undefined
        : new AlertTeller(policy.name, {
            ...outside,
            channel,
            calendar: past.calendar,
            undelivered: new Undelivered(policy.name, { ...outside, store: this.#notes, channel }),
          });
  }

  /**
   * After each look of the one that watches, with the samples of the last minutes. What can't be said now is said later; a
   * slow chat holds up no look.
   */
  look(look: Look, snapshot: Snapshot, samples: readonly Sample[], evidence: Evidence): void {
    const verdict = this.#judge(look, evidence);
    if (this.#outside.clock.steadyMs() < this.#retryAtMs) return;
    this.#telling ??= this.#tellAll(verdict, snapshot, samples).finally(() => {
      this.#telling = undefined;
    });
  }

  /** Resolves when nothing is being said. */
  async settle(): Promise<void> {
    await this.#telling;
  }

  /** Another replica watches from now on; what it tells is read again if this one takes over. */
  rest(): void {
    this.#rests += 1;
    this.#memory = undefined;
    this.#verdict = undefined;
    this.#firstFailureAtMs = undefined;
    this.#notes.forget();
    this.#incidents.rest();
  }

  async #tellAll(verdict: Verdict, snapshot: Snapshot, samples: readonly Sample[]): Promise<void> {
    const nowMs = this.#outside.clock.nowMs();
    const rests = this.#rests;
    try {
      const sameHour = await this.#sameHour(snapshot.takenAtMs);
      const health = assess(snapshot, samples, this.#policy, undefined, sameHour);
      const memory = await this.#remember();
      if (this.#rests !== rests) return;
      const state = stepAlerts(memory.state, { verdict, health }, snapshot.takenAtMs);
      this.#memory = { state, digests: memory.digests.slice(-MOST_DIGESTS) };
      await this.#tell(state, nowMs);
      await this.#saveState(state);
      await this.#notes.catchUp();
      if (this.#rests === rests) await this.#incidents.keep(state.alerts);
    } catch (err) {
      this.#retryAtMs = this.#outside.clock.steadyMs() + RETRY_AFTER_MS;
      this.#warn(err, 'what is alerted could not be kept; it is tried again');
    }
  }

  /** What is over stays known for a day, and then there is nothing to say of it: no look needs the store for that. */
  async #tell({ alerts }: AlertState, nowMs: number): Promise<void> {
    const isAnythingOpen = alerts.some(({ phase }) => phase === 'open') || this.#digests.some(isLive);
    if (this.#teller === undefined || !isAnythingOpen) return;
    const notebook = { digests: () => this.#digests, note: (digest: Digest) => this.#note(digest) };
    await this.#teller.tell({ alerts, notebook, handled: await this.#handled(), nowMs });
  }

  #judge(look: Look, evidence: Evidence): Verdict {
    const last = this.#verdict;
    const atMs = this.#outside.clock.steadyMs();
    if (last !== undefined && !look.judgements.some(isNews) && atMs - last.atMs < JUDGE_EVERY_MS)
      return last.verdict;
    const verdict = judge(evidence);
    this.#verdict = { verdict, atMs };
    return verdict;
  }

  /** Without a past nothing is unusual, and what needs none is told all the same. */
  async #sameHour(atMs: number): Promise<SameHour | undefined> {
    const { past, clock } = this.#outside;
    try {
      if (clock.steadyMs() >= this.#usualAgainAtMs)
        this.#usual = { sameHour: await past.sameHour(atMs), atMs };
    } catch (err) {
      this.#usualAgainAtMs = clock.steadyMs() + RETRY_AFTER_MS;
      this.#warn(err, 'what is usual could not be read');
    }
    const usual = this.#usual;
    return usual !== undefined && Math.abs(atMs - usual.atMs) < USUAL_FOR_MS ? usual.sameHour : undefined;
  }

  /** A store that stays unreadable must not silence an alarm: rather told twice than not at all. */
  async #remember(): Promise<AlertMemory> {
    if (this.#memory !== undefined) return this.#memory;
    try {
      const text = await this.#notes.load(alertsId(this.#sidekiq));
      this.#firstFailureAtMs = undefined;
      return text === undefined ? NOTHING_TOLD : thawAlerts(text);
    } catch (error) {
      const atMs = this.#outside.clock.steadyMs();
      this.#firstFailureAtMs ??= atMs;
      if (atMs - this.#firstFailureAtMs < RETRY_AFTER_MS) throw error;
      return NOTHING_TOLD;
    }
  }

  /** Who wants not to hear of it, and who has taken it up: as it was known last, else nobody. */
  async #handled(): Promise<Handled> {
    try {
      const mutes = await this.#notes.load(mutesId(this.#sidekiq));
      const acks = await this.#notes.load(acksId(this.#sidekiq));
      return { mutes: thawMutes(mutes), acks: thawAcks(acks) };
    } catch (err) {
      this.#warn(err, 'who muted alerts or took them up could not be read');
      return NOT_HANDLED;
    }
  }

  /** Saved at once: whoever starts again between a post and its note would post again. */
  async #note(digest: Digest): Promise<void> {
    if (this.#memory === undefined) return;
    const isThere = this.#digests.some(({ id }) => id === digest.id);
    const digests = isThere
      ? this.#digests.map((each) => (each.id === digest.id ? digest : each))
      : [...this.#digests, digest];
    this.#memory = { state: { alerts: this.#alerts }, digests };
    await this.#save();
  }

  /** A new phase at once; numbers, and what is only pending, as often as a message shows them. */
  async #saveState({ alerts }: AlertState): Promise<void> {
    const phases = alerts.map((alert) => `${idOf(alert)} ${alert.phase}`).join();
    const { phases: before, atMs: savedAtMs } = this.#saved;
    const atMs = this.#outside.clock.steadyMs();
    if (phases === before && (phases === '' || atMs - savedAtMs < SAVE_EVERY_MS)) return;
    await this.#save();
    this.#saved = { phases, atMs };
  }

  async #save(): Promise<void> {
    if (this.#memory === undefined) return;
    await this.#notes.save(alertsId(this.#sidekiq), freezeAlerts(this.#memory));
  }

  get #sidekiq(): string {
    return this.#policy.name;
  }

  get #alerts() {
    return (this.#memory ?? NOTHING_TOLD).state.alerts;
  }

  get #digests() {
    return (this.#memory ?? NOTHING_TOLD).digests;
  }

  #warn(err: unknown, message: string): void {
    this.#outside.log.warn({ sidekiq: this.#sidekiq, err }, message);
  }
}
