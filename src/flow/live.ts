import { beginLive, dueOf, freezeLive, LIVE_SLOTS, type Live, thawLive } from '../core/live/live.ts';
import {
  ALL_TAKEN,
  alreadyLive,
  hasOneAlready,
  NOT_HERE,
  NOT_LIVE,
  NOT_SHARED,
} from '../core/live/refusals.ts';
import { frozenMessage, LIVE_ACTS, liveMessage, pulseOf, type Seen } from '../core/live/show.ts';
import { admit } from '../core/people.ts';
import { mayBeAskedIn } from '../core/policy.ts';
import type { Refusal } from '../core/reply/reply.ts';
import { type Chat, ChatFailed, type MessageRef, type Pressed } from '../ports/chat.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { Announcement, Announcements } from '../ports/memory.ts';
import { RedisUnavailable } from '../ports/reading.ts';
import type { ObservedSidekiq } from './command.ts';
import { healthOf } from './health.ts';
import { isGone } from './message-gone.ts';
import { orUnstored } from './unstored.ts';

const TICK_MS = 5000;
/** A message that can't be frozen is let go: its slot is worth more. */
const GIVE_UP_AFTER_MS = 10 * 60_000;
export type LiveDesk = {
  readonly sidekiqs: readonly ObservedSidekiq[];
  readonly store: Announcements;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly log: Log;
};

type Slot = { readonly note: Announcement; readonly live: Live; readonly message: MessageRef };

/**
 * Health answers that channels watch together. Every replica looks at the slots in the store; who moves a slot's time of
 * edit first is the one that edits, so each edit is made once, and a replica that dies is made up for by the next tick.
 */
export class LiveMessages {
  readonly #desk: LiveDesk;
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(desk: LiveDesk) {
    this.#desk = desk;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  /** Whether a press is about a live message. */
  isMeant({ act }: Pick<Pressed, 'act'>): boolean {
    return act === LIVE_ACTS.start || act === LIVE_ACTS.stop;
  }

  /** Undefined when the message itself shows what came of it. */
  press(pressed: Pressed): Promise<Refusal | undefined> {
    return orUnstored(this.#press(pressed));
  }

  async #press({ act, value, actor, channel, message }: Pressed): Promise<Refusal | undefined> {
    const admission = admit(actor, channel);
    if (admission.type === 'refusal') return admission;
    if (message === undefined) return NOT_SHARED;
    const person = admission.person.id;
    if (act === LIVE_ACTS.stop) return this.#stopWatching(message, person);
    const sidekiq = this.#named(value);
    if (sidekiq === undefined || !mayBeAskedIn(sidekiq.policy, admission.channel.id)) return NOT_HERE;
    return this.#begin(value, person, message);
  }

  /** Edits and freezes what is due. @throws {StoreError} */
  async tick(): Promise<void> {
    for (const slot of takenSlots(await this.#slots())) await this.#bring(slot);
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#desk.clock.wait(TICK_MS, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      try {
        await this.tick();
      } catch (error) {
        this.#desk.log.warn({ err: error }, 'live messages wait for the store');
      }
    }
  }

  async #begin(sidekiq: string, person: string, message: MessageRef): Promise<Refusal | undefined> {
    // Whoever loses a slot to another press looks again; the others' presses are bounded by the slots.
    for (let tries = 0; tries <= LIVE_SLOTS; tries += 1) {
      const nowMs = this.#desk.clock.nowMs();
      const notes = await this.#slots();
      const taken = takenSlots(notes);
      const here = taken.find((slot) => isSame(slot.message, message));
      if (here !== undefined) return alreadyLive(here.live);
      const own = taken.find(({ live }) => live.by === person);
      if (own !== undefined) return hasOneAlready(own.live, nowMs);
      const id = SLOT_IDS.find((slotId) => !taken.some(({ note }) => note.id === slotId));
      if (id === undefined) return ALL_TAKEN;
      const version = (notes.find((note) => note.id === id)?.version ?? 0) + 1;
      const live = beginLive(sidekiq, person, nowMs);
      const note = { id, version, state: freezeLive(live), message };
      if (!(await this.#desk.store.saveAnnouncement(note))) continue;
      await this.#show({ note, live, message });
      return undefined;
    }
    return ALL_TAKEN;
  }

  async #stopWatching(message: MessageRef, person: string): Promise<Refusal | undefined> {
    const slot = takenSlots(await this.#slots()).find((taken) => isSame(taken.message, message));
    if (slot === undefined) return NOT_LIVE;
    const live = { ...slot.live, stoppedBy: slot.live.stoppedBy ?? person };
    const stopped = await this.#save(slot, live);
    // Somebody edited it in this instant; the next tick reads what is stored, so it must be stored.
    if (stopped === undefined) return this.#stopWatching(message, person);
    await this.#bring(stopped);
    return undefined;
  }

  async #bring(slot: Slot): Promise<void> {
    const nowMs = this.#desk.clock.nowMs();
    switch (dueOf(slot.live, nowMs)) {
      case 'wait':
        return;
      case 'freeze':
        return this.#freeze(slot);
      case 'edit': {
        const claimed = await this.#save(slot, { ...slot.live, editedAtMs: nowMs });
        if (claimed !== undefined) await this.#show(claimed);
      }
    }
  }

  async #show(slot: Slot): Promise<void> {
    const seen = await this.#look(slot.live.sidekiq);
    // While Redis was read somebody may have stopped it, and a frozen message must stay so.
    const now = await this.#desk.store.announcement(slot.note.id);
    if (now?.version !== slot.note.version) return;
    const outcome = await this.#update(slot, liveMessage(slot.live, seen));
    if (outcome === 'gone') return this.#free(slot);
    const pulse = pulseOf(seen, this.#desk.clock.nowMs());
    if (pulse === null) return;
    await this.#save(slot, { ...slot.live, first: slot.live.first ?? pulse, last: pulse });
  }

  /** Shown twice it is the same, so the slot is free only when it has been shown. */
  async #freeze(slot: Slot): Promise<void> {
    const nowMs = this.#desk.clock.nowMs();
    const seen = await this.#look(slot.live.sidekiq);
    const outcome = await this.#update(slot, frozenMessage(slot.live, seen, nowMs));
    if (outcome !== 'failed' || nowMs - slot.live.untilMs > GIVE_UP_AFTER_MS) await this.#free(slot);
  }

  async #update(slot: Slot, content: ReturnType<typeof liveMessage>): Promise<'shown' | 'failed' | 'gone'> {
    try {
      await this.#desk.chat.update(slot.message, content);
      return 'shown';
    } catch (error) {
      if (!(error instanceof ChatFailed)) throw error;
      this.#desk.log.warn({ err: error, code: error.code }, 'a live message could not be edited');
      return isGone(error) ? 'gone' : 'failed';
    }
  }

  async #look(name: string): Promise<Seen> {
    const sidekiq = this.#named(name);
    if (sidekiq === undefined) return { unread: 'My settings no longer name it.' };
    try {
      return { health: await healthOf(sidekiq) };
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
      return { unread: error.message };
    }
  }

  #named(name: string): ObservedSidekiq | undefined {
    return this.#desk.sidekiqs.find(({ policy }) => policy.name === name);
  }

  #slots(): Promise<readonly Announcement[]> {
    return this.#desk.store.announcements('live/', LIVE_SLOTS);
  }

  /** The slot as it is now, or undefined when another was faster. */
  async #save({ note, message }: Slot, live: Live): Promise<Slot | undefined> {
    const next = { id: note.id, version: note.version + 1, state: freezeLive(live), message };
    return (await this.#desk.store.saveAnnouncement(next)) ? { note: next, live, message } : undefined;
  }

  async #free({ note }: Slot): Promise<void> {
    const next = { id: note.id, version: note.version + 1, state: freezeLive(undefined), message: null };
    await this.#desk.store.saveAnnouncement(next);
  }
}

const SLOT_IDS: readonly string[] = Array.from({ length: LIVE_SLOTS }, (_, nth) => `live/${nth}`);

function takenSlots(notes: readonly Announcement[]): readonly Slot[] {
  return notes.flatMap((note) => {
    const live = thawLive(note.state);
    return live === undefined || note.message === null ? [] : [{ note, live, message: note.message }];
  });
}

function isSame(one: MessageRef, other: MessageRef): boolean {
  return one.channel === other.channel && one.id === other.id;
}
