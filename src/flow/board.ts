import { z } from 'zod';
import type { Proposal } from '../core/approval/proposal.ts';
import { threadAnswer } from '../core/approval/thread.ts';
import { parseRecord } from '../core/audit/record.ts';
import { type Chat, ChatFailed, type MessageRef, POST_WITHIN_MS } from '../ports/chat.ts';
import { logged } from '../ports/log-context.ts';
import type { Announcement } from '../ports/memory.ts';
import { type Desk, shown } from './desk.ts';
import { isGone } from './message-gone.ts';

/**
 * Keeps the message of each proposal in its newest state, and tells its thread what was recorded. Where a message stands and
 * what it shows is in the store, so any replica goes on where another ended, and a Slack that was down is made up for. Nothing
 * waits for it: an approved action runs whether or not anybody can be shown that it does.
 */
const STOP_WITHIN_MS = 2000;
const RETRY_FIRST_MS = 2000;
const RETRY_LAST_MS = 120_000;
/** A replica that said so long ago that it posts has died before it did. The margin is for clocks that differ. */
const POSTING_MS = POST_WITHIN_MS + 15_000;
/** How far back a look for messages that are behind goes. */
const SWEPT = 100;

const readState = z.strictObject({
  /** The version of the proposal that the message shows. */
  version: z.int(),
  /** The last audit record that the thread has told. */
  told: z.int(),
  /** Who is posting it since when; null for nobody. */
  posting: z.strictObject({ by: z.string(), sinceMs: z.int() }).nullable(),
});

type State = z.output<typeof readState>;
type Retry = {
  readonly dueMs: number;
  readonly afterMs: number;
  /** What chat said, for whoever asks; undefined when something else was in the way. */
  readonly why: string | undefined;
};

export class Board {
  readonly #desk: Desk;
  readonly #chat: Chat;
  readonly #holder: string;
  readonly #busy = new Map<string, { isAgain: boolean; readonly done: Promise<void> }>();
  readonly #retries = new Map<string, Retry>();

  /** `holder` is this bot: never the name of another that may still run. */
  constructor(desk: Desk, chat: Chat, holder: string) {
    this.#desk = desk;
    this.#chat = chat;
    this.#holder = holder;
  }

  /** Brings the message up to date, now or as soon as Slack takes it. Resolves when the first try is over; never throws. */
  show(id: string): Promise<void> {
    const busy = this.#busy.get(id);
    if (busy !== undefined) {
      busy.isAgain = true;
      return busy.done;
    }
    const entry = { isAgain: false, done: Promise.resolve() };
    this.#busy.set(id, entry);
    // Of the proposal, and not of whoever's press began it: what is shown next may be another's.
    const done = logged({ proposal: id }, () => this.#showUntilCalm(id, entry));
    entry.done = done.finally(() => this.#busy.delete(id));
    return entry.done;
  }

  /** Why its message is behind, if chat said so and it is not shown since. */
  whyBehind(id: string): string | undefined {
    return this.#retries.get(id)?.why;
  }

  /**
   * Somebody pressed a button of this message. It may be one that was posted in the instant of a crash, of which nothing is
   * stored: then it becomes the message, or, where there is another by now, it at least shows what came of it.
   */
  async adopt(id: string, message: MessageRef): Promise<void> {
    const { store, log } = this.#desk;
    try {
      const note = await store.announcement(keyOf(id));
      if (note === undefined || isSameMessage(note.message, message)) return;
      const proposal = await store.proposal(id);
      if (note.message === null) await this.#save(note, { ...stateOf(note), version: 0 }, message);
      else if (proposal !== undefined) await this.#chat.update(message, shown(proposal, this.#desk));
    } catch (error) {
      log.warn(
        { err: error, proposal: id },
        'a second message of a proposal could not be brought up to date',
      );
    }
  }

  /** Tries again what failed, when it is time. */
  retry(): void {
    const steadyMs = this.#desk.clock.steadyMs();
    for (const [id, { dueMs }] of this.#retries) if (dueMs <= steadyMs) void this.show(id);
  }

  /** Looks for messages that are behind what is stored: after a start, and for what another replica left. */
  async sweep(stop?: AbortSignal): Promise<void> {
    const { store } = this.#desk;
    for (const { id, version } of await store.proposals({ limit: SWEPT })) {
      if (stop?.aborted === true) return;
      const note = await store.announcement(keyOf(id));
      if (note === undefined || stateOf(note).version < version) await this.show(id);
    }
  }

  /** Gives what is being said a moment; what is left, the next start makes up for. */
  async stop(): Promise<void> {
    const done = new AbortController();
    const all = Promise.all([...this.#busy.values()].map((entry) => entry.done)).then(() => done.abort());
    await Promise.race([all, this.#desk.clock.wait(STOP_WITHIN_MS, done.signal)]);
  }

  async #showUntilCalm(id: string, entry: { isAgain: boolean }): Promise<void> {
    do {
      entry.isAgain = false;
      await this.#tryToShow(id);
    } while (entry.isAgain);
  }

  async #tryToShow(id: string): Promise<void> {
    const { store, log } = this.#desk;
    try {
      const proposal = await store.proposal(id);
      if (proposal === undefined) return;
      if (await this.#bring(proposal)) this.#retries.delete(id);
      else this.#retryIn(RETRY_FIRST_MS, id, undefined);
    } catch (error) {
      const before = this.#retries.get(id)?.afterMs ?? RETRY_FIRST_MS / 2;
      const afterMs = Math.min(before * 2, RETRY_LAST_MS);
      const failed = error instanceof ChatFailed ? error : undefined;
      this.#retryIn(afterMs, id, failed?.message);
      log.warn(
        { err: error, proposal: id, code: failed?.code },
        'the message of a proposal is behind; it is tried again',
      );
    }
  }

  #retryIn(afterMs: number, id: string, why: string | undefined): void {
    this.#retries.set(id, { dueMs: this.#desk.clock.steadyMs() + afterMs, afterMs, why });
  }

  /** True when the message shows this state. */
  async #bring(proposal: Proposal): Promise<boolean> {
    const note = await this.#noteOf(proposal.id);
    if (note === undefined) return false;
    const state = stateOf(note);
    if (note.message === null) return this.#post(proposal, note, state);
    if (state.version < proposal.version) await this.#update(proposal, note.message);
    const { told, answer } = await this.#untold(proposal, state.told);
    if (state.version === proposal.version && told === state.told) return true;
    const next = { ...state, version: proposal.version, told };
    // Whoever comes second here has perhaps just overwritten what the first showed, and so must look again.
    if (answer === undefined) return this.#save(note, next, note.message);
    const { message } = note;
    return this.#claimed(note, state, async (claimed) => {
      await this.#chat.post(message.channel, answer, message);
      return this.#save(claimed, { ...next, posting: null }, message);
    });
  }

  /** The stored note; a new one when there is none yet. Undefined when another replica was faster. */
  async #noteOf(id: string): Promise<Announcement | undefined> {
    const { store } = this.#desk;
    const known = await store.announcement(keyOf(id));
    if (known !== undefined) return known;
    const state: State = { version: 0, told: (await store.auditHead()).count, posting: null };
    const fresh = { id: keyOf(id), version: 1, state: JSON.stringify(state), message: null };
    return (await store.saveAnnouncement(fresh)) ? fresh : undefined;
  }

  #post(proposal: Proposal, note: Announcement, state: State): Promise<boolean> {
    return this.#claimed(note, state, async (claimed) => {
      const message = await this.#chat.post(proposal.channelId, shown(proposal, this.#desk));
      return this.#save(claimed, { ...state, version: proposal.version, posting: null }, message);
    });
  }

  /**
   * Posts what must not stand there twice: only after this bot has said in the store that it does. False when another does just
   * now, or was faster.
   */
  async #claimed(
    note: Announcement,
    state: State,
    post: (claimed: Announcement) => Promise<boolean>,
  ): Promise<boolean> {
    const nowMs = this.#desk.clock.nowMs();
    const { posting } = state;
    // By our own name: an earlier life of ours, for in this one nothing else posts it.
    if (posting !== null && posting.by !== this.#holder && nowMs - posting.sinceMs < POSTING_MS) return false;
    const claim = { by: this.#holder, sinceMs: nowMs };
    if (!(await this.#save(note, { ...state, posting: claim }, note.message))) return false;
    const claimed = { ...note, version: note.version + 1 };
    try {
      return await post(claimed);
    } catch (error) {
      if (error instanceof ChatFailed) await this.#save(claimed, { ...state, posting: null }, note.message);
      throw error;
    }
  }

  async #update(proposal: Proposal, message: MessageRef): Promise<void> {
    try {
      await this.#chat.update(message, shown(proposal, this.#desk));
    } catch (error) {
      if (!isGone(error)) throw error;
      this.#desk.log.warn({ err: error, proposal: proposal.id }, 'the message of a proposal can’t be edited');
    }
  }

  /** What its thread has not told yet, and the number of the last record in it. */
  async #untold(proposal: Proposal, toldBefore: number) {
    const records = [];
    let told = toldBefore;
    for await (const { number, line } of this.#desk.store.auditLines(toldBefore)) {
      const record = parseRecord(line);
      if (record?.proposalId === proposal.id) records.push(record);
      told = number;
    }
    return { told: records.length === 0 ? toldBefore : told, answer: threadAnswer(proposal, records) };
  }

  #save({ id, version }: Announcement, state: State, message: MessageRef | null): Promise<boolean> {
    const next = { id, version: version + 1, state: JSON.stringify(state), message };
    return this.#desk.store.saveAnnouncement(next);
  }
}

function keyOf(id: string): string {
  return `proposal/${id}`;
}

function isSameMessage(one: MessageRef | null, other: MessageRef): boolean {
  return one?.channel === other.channel && one.id === other.id;
}

function stateOf({ state }: Announcement): State {
  return readState.parse(JSON.parse(state));
}
