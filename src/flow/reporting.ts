import type { Answer } from '../core/reply/reply.ts';
import {
  type Delivery,
  enter,
  freezeDelivery,
  isLate,
  nextStep,
  OWED_MS,
  thawDelivery,
} from '../core/report/delivery.ts';
import { deliveryTrouble } from '../core/report/trouble.ts';
import { type Chat, ChatFailed, type Directory, type MessageRef } from '../ports/chat.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { Announcement, Announcements } from '../ports/memory.ts';
import { placeRefusal } from './in-house.ts';
import { tellOperators } from './operators.ts';

const TICK_MS = 1000;
/** What is not posted by then is left to the others, or to the next start. */
const STOP_WITHIN_MS = 5000;

/** A morning post as the settings want it. */
export type ReportSchedule = {
  readonly sidekiq: string;
  readonly channel: string;
  /** Tells it from every other schedule, over restarts; another cron line is another schedule. */
  readonly key: string;
  /** The moments at which it is due, the first excluded, the last included. */
  dueBetween(afterMs: number, untilMs: number): readonly number[];
};

type Post = { readonly message: Answer; readonly details: Answer };

export type ReportingDesk = {
  readonly schedules: readonly ReportSchedule[];
  /** Makes the post; `lateSinceMs` is when it was due, if that is long ago. Waits as long as reading takes. */
  readonly compose: (schedule: ReportSchedule, lateSinceMs: number | undefined) => Promise<Post>;
  readonly store: Announcements;
  readonly chat: Chat;
  readonly directory: Pick<Directory, 'channel'>;
  /** Where those who run the bot read, the best place first. */
  readonly operatorsChannelsOf: (sidekiq: string) => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
};

/** Posts each report once at its time, over replicas, restarts and clock changes (core/report/delivery.ts). */
export class Reporting {
  readonly #desk: ReportingDesk;
  readonly #stop = new AbortController();
  readonly #inHand = new Map<string, Promise<void>>();
  /** By schedule, the newest planned time of which nothing more is to be done. */
  readonly #done = new Map<string, number>();
  #loop: Promise<void> | undefined;

  constructor(desk: ReportingDesk) {
    this.#desk = desk;
  }

  start(): void {
    if (this.#desk.schedules.length > 0) this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    const done = new AbortController();
    const all = Promise.all(this.#inHand.values()).then(() => done.abort());
    await Promise.race([all, this.#desk.clock.wait(STOP_WITHIN_MS, done.signal)]);
  }

  /** Looks what is due. Resolves when all of it has been dealt with, as far as it can be now. */
  async tick(): Promise<void> {
    await Promise.all(this.#desk.schedules.map((schedule) => this.#look(schedule)));
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      // A slow post of one channel must not make the others late.
      void this.tick();
      await this.#desk.clock.wait(TICK_MS, this.#stop.signal);
    }
  }

  async #look(schedule: ReportSchedule): Promise<void> {
    const nowMs = this.#desk.clock.nowMs();
    const plannedMs = schedule.dueBetween(nowMs - OWED_MS, nowMs).at(-1);
    const doneMs = this.#done.get(schedule.key) ?? 0;
    if (plannedMs === undefined || plannedMs <= doneMs || this.#inHand.has(schedule.key)) return;
    const work = this.#deliver(schedule, plannedMs)
      .catch((err: unknown) => {
        this.#desk.log.error({ err, sidekiq: schedule.sidekiq }, 'a morning post failed; it is tried again');
      })
      .finally(() => this.#inHand.delete(schedule.key));
    this.#inHand.set(schedule.key, work);
    await work;
  }

  async #deliver(schedule: ReportSchedule, plannedMs: number): Promise<void> {
    const { store, clock } = this.#desk;
    const note = await store.announcement(rowOf(schedule));
    const row: Row = { schedule, plannedMs, note, delivery: note && thawDelivery(note.state) };
    switch (nextStep(row.delivery, plannedMs, clock.nowMs())) {
      case 'wait':
        return;
      case 'done':
        this.#done.set(schedule.key, plannedMs);
        return;
      case 'lose': {
        const lost = await this.#enter(row, 'lost');
        if (lost !== undefined) await this.#tell(lost, { type: 'lost' });
        return;
      }
      case 'claim': {
        const claimed = await this.#enter(row, 'claimed');
        if (claimed !== undefined) await this.#post(claimed);
      }
    }
  }

  async #post(claimed: Row): Promise<void> {
    const { clock, chat, compose } = this.#desk;
    const { schedule, plannedMs } = claimed;
    const refusal = await placeRefusal(schedule.channel, this.#desk.directory);
    if (refusal !== undefined) return this.#refuse(claimed, refusal);
    const lateSinceMs = isLate(plannedMs, clock.nowMs()) ? plannedMs : undefined;
    const { message, details } = await compose(schedule, lateSinceMs);
    const posting = await this.#enter(claimed, 'posting');
    // It took so long that another took it over.
    if (posting === undefined) return;
    let posted: MessageRef;
    try {
      posted = await chat.post(schedule.channel, message);
    } catch (error) {
      if (!(error instanceof ChatFailed)) throw error;
      return this.#refuse(posting, error);
    }
    this.#done.set(schedule.key, plannedMs);
    await this.#enter(posting, 'posted', posted);
    await chat.post(posted.channel, details, posted).catch((err: unknown) => {
      this.#desk.log.warn({ err, channel: posted.channel }, 'the details of a morning post are missing');
    });
  }

  async #refuse(row: Row, { code, message: sentence }: ChatFailed): Promise<void> {
    const isUncertain = code === 'outcome_unknown';
    const refused = await this.#enter(row, isUncertain ? 'lost' : 'refused');
    // A bot that is stopped in the middle leaves it to the others, or to its next start.
    if (refused === undefined || code === 'stopped') return;
    await this.#tell(refused, isUncertain ? { type: 'lost' } : { type: 'refused', sentence });
  }

  /** To the log, and once to where the operators read. */
  async #tell(row: Row, what: Parameters<typeof deliveryTrouble>[2]): Promise<void> {
    const { log, operatorsChannelsOf } = this.#desk;
    const { sidekiq, channel } = row.schedule;
    log.error(
      { sidekiq, channel, plannedMs: row.plannedMs, ...what },
      'a morning post did not reach its channel',
    );
    if (row.delivery === undefined || row.delivery.isTold) return;
    const message = deliveryTrouble(row.schedule, row.plannedMs, what);
    if (await tellOperators(this.#desk, operatorsChannelsOf(sidekiq), channel, message))
      await this.#save(row, { ...row.delivery, isTold: true });
  }

  /** The row as it is now, or undefined when another was faster. */
  #enter(row: Row, phase: Delivery['phase'], message: MessageRef | null = null): Promise<Row | undefined> {
    const delivery = enter(phase, row.plannedMs, this.#desk.clock.nowMs(), row.delivery);
    return this.#save(row, delivery, message);
  }

  async #save(row: Row, delivery: Delivery, message: MessageRef | null = null): Promise<Row | undefined> {
    const note = {
      id: rowOf(row.schedule),
      version: (row.note?.version ?? 0) + 1,
      state: freezeDelivery(delivery),
      message,
    };
    return (await this.#desk.store.saveAnnouncement(note)) ? { ...row, note, delivery } : undefined;
  }
}

/** A post that is due, and what is stored of its schedule. */
type Row = {
  readonly schedule: ReportSchedule;
  readonly plannedMs: number;
  readonly note: Announcement | undefined;
  readonly delivery: Delivery | undefined;
};

function rowOf({ key }: ReportSchedule): string {
  return `report/${key}`;
}
