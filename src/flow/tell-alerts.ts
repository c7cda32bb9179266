import type { Acks } from '../core/alerts/acks.ts';
import { type Alert, idOf } from '../core/alerts/alert.ts';
import {
  alertsOf,
  type Digest,
  isLive,
  joinable,
  type ToldAlert,
  turned,
  untold,
  withMembers,
} from '../core/alerts/digest.ts';
import { digestMessage, followUp, type Handling, lastWord, reminder } from '../core/alerts/message.ts';
import { type Mutes, muteOf } from '../core/alerts/mutes.ts';
import { isOfficeTime, type Reminders } from '../core/alerts/office-hours.ts';
import type { Calendar } from '../core/history/calendar.ts';
import type { Chat } from '../ports/chat.ts';
import type { Clock } from '../ports/host.ts';
import { markOfShown } from './shown.ts';

/** Numbers that change with every look are shown twice a minute; a new phase, or what somebody pressed, at once. */
const EDIT_EVERY_MS = 30_000;

type Outside = {
  readonly chat: Chat;
  readonly channel: string;
  readonly calendar: Calendar;
  readonly reminders: Reminders;
  readonly clock: Clock;
};

/** What has been told so far; to be kept before anything else is told. */
export type Notebook = {
  readonly digests: readonly Digest[];
  note(digest: Digest): Promise<void>;
};

/** How people have taken the alerts up. */
export type Handled = { readonly mutes: Mutes; readonly acks: Acks };

/** Says what is new about alerts: a post for a storm, edits in place, words in its thread, reminders. @throws {ChatFailed} */
export class AlertTeller {
  readonly #sidekiq: string;
  readonly #outside: Outside;
  readonly #edited = new Map<string, { readonly atMs: number; readonly handling: string }>();

  constructor(sidekiq: string, outside: Outside) {
    this.#sidekiq = sidekiq;
    this.#outside = outside;
  }

  async tell(alerts: readonly Alert[], notebook: Notebook, handled: Handled, nowMs: number): Promise<void> {
    const { digests } = notebook;
    const news = untold(alerts, digests).filter(({ key }) => muteOf(handled.mutes, key, nowMs) === undefined);
    const host = joinable(digests, nowMs);
    for (const digest of digests) {
      const joining = digest === host ? news : [];
      const all = alertsOf(withMembers(digest, joining), alerts);
      if (all.length > 0) await this.#update(digest, all, notebook, handled, nowMs);
    }
    if (host === undefined && news.length > 0) await this.#post(news, notebook, nowMs);
  }

  async #post(alerts: readonly ToldAlert[], notebook: Notebook, nowMs: number): Promise<void> {
    const { chat, channel } = this.#outside;
    const [first] = alerts;
    if (first === undefined) return;
    const id = idOf(first);
    const message = digestMessage(this.#sidekiq, id, alerts, { mute: undefined, ack: undefined });
    const posted = await chat.post(channel, message);
    const digest = { id, message: posted, grewAtMs: nowMs, members: [], shown: markOfShown(message) };
    await notebook.note(withMembers(digest, alerts));
  }

  async #update(
    before: Digest,
    alerts: readonly ToldAlert[],
    notebook: Notebook,
    handled: Handled,
    nowMs: number,
  ): Promise<void> {
    const turns = turned(before, alerts);
    const handling = handlingOf(before, alerts, handled, nowMs);
    const message = digestMessage(this.#sidekiq, before.id, alerts, handling);
    const shown = markOfShown(message);
    // Figures of a trouble that goes on move with every look; that must not keep anybody from being reminded of it.
    if (turns.length === 0 && (shown === before.shown || this.#isSoon(before, handling)))
      return this.#remind(before, alerts, notebook, handling, nowMs);
    await this.#outside.chat.update(before.message, message);
    this.#edited.set(before.id, { atMs: this.#outside.clock.steadyMs(), handling: markOfShown(handling) });
    const hasGrown = alerts.length > before.members.length;
    const digest = hasGrown ? { ...before, grewAtMs: nowMs } : before;
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
    const { chat, channel } = this.#outside;
    const isOver = alerts.every(({ phase }) => phase !== 'open');
    if (isOver) {
      if (turns.length > 0) await chat.post(channel, lastWord(this.#sidekiq, alerts), before.message);
      return;
    }
    let digest = before;
    for (const alert of turns) {
      await chat.post(channel, followUp(this.#sidekiq, alert), before.message);
      digest = withMembers(digest, [alert]);
      await notebook.note(digest);
    }
  }

  async #remind(
    digest: Digest,
    alerts: readonly ToldAlert[],
    notebook: Notebook,
    { mute, ack }: Handling,
    nowMs: number,
  ): Promise<void> {
    const { chat, channel, calendar, reminders } = this.#outside;
    const { afterMs, officeHours } = reminders;
    if (afterMs === undefined || mute !== undefined || ack !== undefined || !isLive(digest)) return;
    const isDue = nowMs - (digest.remindedAtMs ?? digest.grewAtMs) >= afterMs;
    if (!isDue || !isOfficeTime(nowMs, officeHours, calendar)) return;
    await chat.post(channel, reminder(this.#sidekiq, alerts, nowMs), digest.message);
    await notebook.note({ ...digest, remindedAtMs: nowMs });
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

/** A message is muted when all that is open in it is; it says until when the first of them is. */
function handlingOf(
  { id }: Digest,
  alerts: readonly ToldAlert[],
  { mutes, acks }: Handled,
  nowMs: number,
): Handling {
  const open = alerts.filter(({ phase }) => phase === 'open');
  const muted = open.map(({ key }) => muteOf(mutes, key, nowMs));
  const [mute] = muted.filter((each) => each !== undefined).toSorted((a, b) => a.untilMs - b.untilMs);
  return { mute: muted.includes(undefined) ? undefined : mute, ack: acks.get(id) };
}
