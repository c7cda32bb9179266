import { type Alert, idOf } from '../core/alerts/alert.ts';
import {
  alertsOf,
  type Digest,
  hasJoined,
  isLive,
  type ToldAlert,
  turned,
  untold,
  withMembers,
} from '../core/alerts/digest.ts';
import { type Handled, handlingOf } from '../core/alerts/handling.ts';
import { digestMessage, followUp, type Handling, lastWord, reminder } from '../core/alerts/message.ts';
import { muteOf } from '../core/alerts/mutes.ts';
import { isOfficeTime, type Reminders } from '../core/alerts/office-hours.ts';
import { placesOf } from '../core/alerts/places.ts';
import type { Calendar } from '../core/history/calendar.ts';
import type { Answer } from '../core/reply/reply.ts';
import { type Chat, ChatFailed } from '../ports/chat.ts';
import type { Clock, Log } from '../ports/host.ts';
import { isGone } from './message-gone.ts';
import { markOfShown } from './shown.ts';
import type { Undelivered } from './undelivered.ts';

/** Numbers that change with every look are shown twice a minute; a new phase, or what somebody pressed, at once. */
const EDIT_EVERY_MS = 30_000;
/** After a failure of the chat nobody is pestered. */
const RETRY_AFTER_MS = 60_000;

/** What is tried again where no message tells of it yet; no digest has this name. */
const NEWS = 'news';
const UNHANDLED: Handling = { mute: undefined, ack: undefined };

type Outside = {
  readonly chat: Chat;
  readonly channel: string;
  readonly undelivered: Undelivered;
  readonly calendar: Calendar;
  readonly reminders: Reminders;
  readonly clock: Clock;
  readonly log: Log;
};

/** What has been told so far; to be kept before anything else is told. */
export type Notebook = {
  digests(): readonly Digest[];
  note(digest: Digest): Promise<void>;
};

/** All there is to tell from after a look. */
export type Telling = {
  readonly alerts: readonly Alert[];
  readonly notebook: Notebook;
  readonly handled: Handled;
  readonly nowMs: number;
};

/** Says what is new about alerts: a post for a storm, edits in place, words in its thread, reminders. */
export class AlertTeller {
  readonly #sidekiq: string;
  readonly #outside: Outside;
  readonly #edited = new Map<string, { readonly atMs: number; readonly handling: string }>();
  /** When what the chat did not take is tried again, by digest or NEWS. */
  readonly #retryAtMs = new Map<string, number>();

  constructor(sidekiq: string, outside: Outside) {
    this.#sidekiq = sidekiq;
    this.#outside = outside;
  }

  /** News first; what the chat does not take is tried again later, and holds up nothing else. */
  async tell(telling: Telling): Promise<void> {
    const { alerts, notebook, handled, nowMs } = telling;
    const digests = notebook.digests();
    const news = untold(alerts, digests).filter(({ key }) => muteOf(handled.mutes, key, nowMs) === undefined);
    const places = placesOf(news, digests, alerts, handled, nowMs);
    await this.#begin(places.get(undefined) ?? [], telling);
    for (const digest of digests) {
      const joining = places.get(digest);
      if (joining !== undefined) await this.#update(digest, joining, telling);
    }
    // An edit that fails must not keep from the channel what it was to tell.
    await this.#begin(untold(news, notebook.digests()), telling);
    for (const digest of digests) if (!places.has(digest)) await this.#update(digest, [], telling);
  }

  async #apart(what: string, deed: () => Promise<void>): Promise<void> {
    const { clock, log } = this.#outside;
    if (clock.steadyMs() < (this.#retryAtMs.get(what) ?? 0)) return;
    this.#retryAtMs.delete(what);
    try {
      await deed();
    } catch (err) {
      if (!(err instanceof ChatFailed)) throw err;
      this.#retryAtMs.set(what, clock.steadyMs() + RETRY_AFTER_MS);
      log.warn({ sidekiq: this.#sidekiq, err, what }, 'an alert could not be told; it is tried again');
    }
  }

  async #begin(alerts: readonly ToldAlert[], telling: Telling): Promise<void> {
    const [first] = alerts;
    if (first === undefined) return;
    await this.#apart(NEWS, () => this.#post(idOf(first), alerts, UNHANDLED, telling));
  }

  async #post(
    id: string,
    alerts: readonly ToldAlert[],
    handling: Handling,
    { notebook, nowMs }: Telling,
  ): Promise<void> {
    const { chat, channel, undelivered } = this.#outside;
    const content = digestMessage(this.#sidekiq, id, alerts, handling);
    const message = await undelivered.watch(() => chat.post(channel, content));
    const known = notebook.digests().find((digest) => digest.id === id);
    const members = known?.members ?? [];
    const digest = { id, message, grewAtMs: nowMs, members, shown: markOfShown(content) };
    await notebook.note(withMembers(digest, alerts));
    await undelivered.delivered();
  }

  async #update(digest: Digest, joining: readonly ToldAlert[], telling: Telling): Promise<void> {
    const { alerts, handled, nowMs } = telling;
    const all = alertsOf(withMembers(digest, joining), alerts);
    if (all.length === 0) return;
    const handling = handlingOf(digest, all, handled, nowMs);
    await this.#apart(digest.id, async () => {
      try {
        await this.#edit(digest, all, handling, telling);
      } catch (error) {
        if (!isGone(error)) throw error;
        await this.#replace(digest, all, handling, telling, error);
      }
    });
  }

  /** Its message is gone: what is still open in it is posted anew, once nobody wants it muted; the rest counts as told. */
  async #replace(
    digest: Digest,
    alerts: readonly ToldAlert[],
    handling: Handling,
    telling: Telling,
    error: ChatFailed,
  ): Promise<void> {
    if (handling.mute !== undefined) {
      // So that it is edited, and found gone, again.
      await telling.notebook.note({ ...digest, shown: '' });
      throw error;
    }
    if (alerts.some(({ phase }) => phase === 'open')) return this.#post(digest.id, alerts, handling, telling);
    const shown = markOfShown(digestMessage(this.#sidekiq, digest.id, alerts, handling));
    await telling.notebook.note(withMembers({ ...digest, shown }, alerts));
  }

  async #edit(
    before: Digest,
    alerts: readonly ToldAlert[],
    handling: Handling,
    { notebook, handled, nowMs }: Telling,
  ): Promise<void> {
    const turns = turned(before, alerts);
    const message = digestMessage(this.#sidekiq, before.id, alerts, handling);
    const shown = markOfShown(message);
    // Figures of a trouble that goes on move with every look; that must not keep anybody from being reminded of it.
    if (turns.length === 0 && (shown === before.shown || this.#isSoon(before, handling)))
      return this.#remind(before, alerts, handling, notebook, nowMs);
    await this.#outside.chat.update(before.message, message);
    this.#edited.set(before.id, { atMs: this.#outside.clock.steadyMs(), handling: markOfShown(handling) });
    const digest = hasJoined(before, alerts) ? { ...before, grewAtMs: nowMs } : before;
    const heard = turns.filter(({ key }) => muteOf(handled.mutes, key, nowMs) === undefined);
    await this.#reply(digest, alerts, heard, notebook);
    await notebook.note(withMembers({ ...digest, shown }, turns));
  }

  /** One by one, so that a failure in between repeats nothing; what is over as a whole is told in one last word. */
  async #reply(
    before: Digest,
    alerts: readonly ToldAlert[],
    turns: readonly ToldAlert[],
    notebook: Notebook,
  ): Promise<void> {
    const isOver = alerts.every(({ phase }) => phase !== 'open');
    if (isOver) {
      if (turns.length > 0) await this.#answer(before, lastWord(this.#sidekiq, alerts));
      return;
    }
    let digest = before;
    for (const alert of turns) {
      await this.#answer(before, followUp(this.#sidekiq, alert));
      digest = withMembers(digest, [alert]);
      await notebook.note(digest);
    }
  }

  async #remind(
    digest: Digest,
    alerts: readonly ToldAlert[],
    { mute, ack }: Handling,
    notebook: Notebook,
    nowMs: number,
  ): Promise<void> {
    const { calendar, reminders } = this.#outside;
    const { afterMs, officeHours } = reminders;
    if (afterMs === undefined || mute !== undefined || ack !== undefined || !isLive(digest)) return;
    const isDue = nowMs - Math.max(digest.remindedAtMs ?? 0, digest.grewAtMs) >= afterMs;
    if (!isDue || !isOfficeTime(nowMs, officeHours, calendar)) return;
    await this.#answer(digest, reminder(this.#sidekiq, alerts, nowMs));
    await notebook.note({ ...digest, remindedAtMs: nowMs });
  }

  /** In its thread, which is where its message is: the settings may name another channel by now. */
  async #answer({ message }: Digest, words: Answer): Promise<void> {
    await this.#outside.chat.post(message.channel, words, message);
  }

  #isSoon({ id }: Digest, handling: Handling): boolean {
    const edited = this.#edited.get(id);
    return (
      edited !== undefined &&
      edited.handling === markOfShown(handling) &&
      this.#outside.clock.steadyMs() - edited.atMs < EDIT_EVERY_MS
    );
  }
}
