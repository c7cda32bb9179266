import { createHash } from 'node:crypto';
import type { Alert } from '../core/alerts/alert.ts';
import { alertFollowUp, alertMessage } from '../core/alerts/message.ts';
import { type Mutes, muteOf, thawMutes } from '../core/alerts/mutes.ts';
import { type AlertReading, stepAlerts } from '../core/alerts/step.ts';
import {
  type AlertMemory,
  freezeAlerts,
  NOTHING_TOLD,
  type Told,
  tellingOf,
  thawAlerts,
} from '../core/alerts/told.ts';
import type { Evidence } from '../core/attribution/evidence.ts';
import { judge, type Verdict } from '../core/attribution/verdict.ts';
import { strandedOf } from '../core/health/losses.ts';
import type { Snapshot } from '../core/sidekiq/snapshot.ts';
import type { AlertStore, Chat, Clock, Log } from '../ports.ts';
import { isNews, type Look } from './watch.ts';

/** Old crashes fall out of the window with time; a verdict takes some tens of milliseconds at most. */
const JUDGE_EVERY_MS = 5 * 60_000;
/** Numbers that change with every look are shown twice a minute; a new phase at once. */
const EDIT_EVERY_MS = 30_000;
/** After a failure of the chat or the store nobody is pestered. */
const RETRY_AFTER_MS = 60_000;

type Outside = {
  readonly chat: Chat;
  readonly store: AlertStore;
  readonly channel: string;
  readonly clock: Clock;
  readonly log: Log;
};

const alertsId = (sidekiq: string): string => `alerts/${sidekiq}`;
export const mutesId = (sidekiq: string): string => `mutes/${sidekiq}`;

/** Says by itself what people must know, once for each trouble: posts, edits in place, takes back, closes. */
export class Alerter {
  readonly #sidekiq: string;
  readonly #outside: Outside;
  #memory: AlertMemory | undefined;
  #verdict: { readonly verdict: Verdict; readonly atMs: number } | undefined;
  readonly #editedAtMs = new Map<string, number>();
  #retryAtMs = 0;
  #telling: Promise<void> | undefined;
  #firstFailureAtMs: number | undefined;

  constructor(sidekiq: string, outside: Outside) {
    this.#sidekiq = sidekiq;
    this.#outside = outside;
  }

  /** After each look of the one that watches. What can't be said now is said later; a slow chat holds up no look. */
  look(look: Look, snapshot: Snapshot, evidence: Evidence): void {
    const nowMs = this.#outside.clock.nowMs();
    const reading = { verdict: this.#judge(look, evidence, nowMs), stranded: strandedOf(snapshot) };
    if (nowMs < this.#retryAtMs) return;
    this.#telling ??= this.#tellAll(reading, look.atMs, nowMs).finally(() => {
      this.#telling = undefined;
    });
  }

  /** Resolves when nothing is being said. */
  async settle(): Promise<void> {
    await this.#telling;
  }

  async #tellAll(reading: AlertReading, atMs: number, nowMs: number): Promise<void> {
    try {
      const memory = await this.#remember(nowMs);
      const state = stepAlerts(memory.state, reading, atMs);
      const isNew = JSON.stringify(state.alerts) !== JSON.stringify(memory.state.alerts);
      this.#memory = { ...memory, state };
      const mutes = state.alerts.length === 0 ? new Map() : await this.#mutes();
      for (const alert of state.alerts) await this.#tell(alert, mutes, nowMs);
      if (isNew) await this.#save();
    } catch (err) {
      this.#retryAtMs = nowMs + RETRY_AFTER_MS;
      this.#outside.log.warn(
        { sidekiq: this.#sidekiq, err },
        'an alert could not be told; it is tried again',
      );
    }
  }

  /** Another replica watches from now on; what it tells is read again if this one takes over. */
  rest(): void {
    this.#memory = undefined;
    this.#verdict = undefined;
  }

  #judge(look: Look, evidence: Evidence, nowMs: number): Verdict {
    const last = this.#verdict;
    if (last !== undefined && !look.judgements.some(isNews) && nowMs - last.atMs < JUDGE_EVERY_MS)
      return last.verdict;
    const verdict = judge(evidence);
    this.#verdict = { verdict, atMs: nowMs };
    return verdict;
  }

  /** A store that stays unreadable must not silence an alarm: rather told twice than not at all. */
  async #remember(nowMs: number): Promise<AlertMemory> {
    if (this.#memory !== undefined) return this.#memory;
    try {
      const text = await this.#outside.store.load(alertsId(this.#sidekiq));
      return text === undefined ? NOTHING_TOLD : thawAlerts(text);
    } catch (error) {
      this.#firstFailureAtMs ??= nowMs;
      if (nowMs - this.#firstFailureAtMs < RETRY_AFTER_MS) throw error;
      return NOTHING_TOLD;
    }
  }

  async #mutes(): Promise<Mutes> {
    return thawMutes(await this.#outside.store.load(mutesId(this.#sidekiq)));
  }

  async #tell(alert: Alert, mutes: Mutes, nowMs: number): Promise<void> {
    const memory = this.#memory ?? NOTHING_TOLD;
    const { chat, channel } = this.#outside;
    const mute = muteOf(mutes, alert.key, nowMs);
    const message = alertMessage(this.#sidekiq, alert, mute);
    const shown = digest(message);
    const telling = tellingOf(alert, memory.told.get(alert.key), shown, mute !== undefined);
    if (telling === undefined) return;
    const { sinceMs, phase } = alert;
    if (telling.kind === 'post') {
      const posted = await chat.post(channel, message);
      await this.#note(alert.key, { sinceMs, message: posted, phase, shown });
      return;
    }
    const isSoon = nowMs - (this.#editedAtMs.get(alert.key) ?? 0) < EDIT_EVERY_MS;
    if (telling.told.phase === phase && isSoon) return;
    this.#editedAtMs.set(alert.key, nowMs);
    await chat.update(telling.told.message, message);
    if (telling.followUp) await chat.post(channel, alertFollowUp(this.#sidekiq, alert), telling.told.message);
    await this.#note(alert.key, { ...telling.told, phase, shown });
  }

  /** Saved at once: whoever starts again between a post and its note would post again. */
  async #note(key: string, told: Told): Promise<void> {
    const memory = this.#memory ?? NOTHING_TOLD;
    this.#memory = { ...memory, told: new Map([...memory.told, [key, told]]) };
    await this.#save();
  }

  async #save(): Promise<void> {
    if (this.#memory === undefined) return;
    await this.#outside.store.save(alertsId(this.#sidekiq), freezeAlerts(this.#memory));
  }
}

function digest(message: object): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('base64url').slice(0, 22);
}
