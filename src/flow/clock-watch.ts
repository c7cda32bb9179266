import {
  CLOCK_TROUBLES,
  type Clocks,
  type ClockTrouble,
  clockTroubles,
  timeToForgetBy,
} from '../core/clocks.ts';
import type { Answer } from '../core/reply/reply.ts';
import { say } from '../core/reply/text.ts';
import type { ChatTime } from '../ports/chat.ts';
import type { Clock, Log, Notes } from '../ports/host.ts';

const LOOK_EVERY_MS = 60_000;
/** Most answers of Slack's say the time anyway; this is for a bot that nobody asks anything. */
const HEAR_EVERY = 10;

type Outside = {
  readonly own: Clock;
  readonly store: Clock;
  readonly chatTime: ChatTime;
  /** Else Slack's requests bear no time that could be too old. */
  readonly isReachedOverHttp: boolean;
  /** What this machine is called, for whoever has to set its clock. */
  readonly machine: string;
  readonly notes: Notes;
  /** Tells the operators; whether they have it now. */
  readonly tell: (message: Answer) => Promise<boolean>;
  readonly log: Log;
};

/** Holds the clocks of this machine, of the store and of Slack against each other, and says when one must be wrong. */
export class ClockWatch {
  readonly #outside: Outside;
  readonly #stop = new AbortController();
  /** What the last look found of each; nothing before the first. */
  readonly #isSaid = new Map<ClockTrouble['code'], boolean>();
  #loop: Promise<void> | undefined;

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  get clocks(): Clocks {
    const { own, store, chatTime } = this.#outside;
    return { ownMs: own.nowMs(), storeMs: store.nowMs(), slackMs: chatTime.nowMs() };
  }

  /** Undefined while nothing may be forgotten for good. */
  timeToForgetBy(): number | undefined {
    return timeToForgetBy(this.clocks);
  }

  /** Why no command and no press gets through, if that is so; in words for whoever asks whether the bot is ready. */
  get deafness(): readonly string[] {
    return this.#troubles(this.clocks)
      .filter(({ code }) => code === 'refuses_slack')
      .map(({ sentence }) => sentence);
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    for (let turn = 1; !this.#stop.signal.aborted; turn += 1) {
      await this.#look();
      await this.#outside.own.wait(LOOK_EVERY_MS, this.#stop.signal);
      if (turn % HEAR_EVERY === 0 && !this.#stop.signal.aborted) await this.#outside.chatTime.hear();
    }
  }

  async #look(): Promise<void> {
    const { clocks } = this;
    const troubles = this.#troubles(clocks);
    for (const code of CLOCK_TROUBLES) {
      const trouble = troubles.find((one) => one.code === code);
      if (this.#isSaid.get(code) === (trouble !== undefined)) continue;
      try {
        if (trouble !== undefined) await this.#begin(trouble, clocks);
        else await this.#end(code);
        this.#isSaid.set(code, trouble !== undefined);
      } catch (err) {
        this.#outside.log.warn({ err, code }, 'what is wrong with the clocks is told later');
      }
    }
  }

  #troubles(clocks: Clocks): readonly ClockTrouble[] {
    return clockTroubles(clocks, this.#outside.isReachedOverHttp);
  }

  async #begin({ code, sentence }: ClockTrouble, clocks: Clocks): Promise<void> {
    const { log, tell, notes, machine } = this.#outside;
    log.warn({ code, ...clocks }, sentence);
    // Whatever goes by it goes by the store's.
    if (code === 'own_is_off') return;
    const id = this.#noteId(code);
    if ((await notes.load(id)) === TOLD) return;
    if (await tell(messageOf(sentence, machine))) await notes.save(id, TOLD);
  }

  async #end(code: ClockTrouble['code']): Promise<void> {
    const { log, notes } = this.#outside;
    if (this.#isSaid.get(code) === true) log.info({ code, ...this.clocks }, 'the clocks agree again');
    if ((await notes.load(this.#noteId(code))) === TOLD) await notes.save(this.#noteId(code), '');
  }

  /** What holds for the store is told by one of the bots on it. */
  #noteId(code: ClockTrouble['code']): string {
    return code === 'forgets_nothing' ? `clocks/${code}` : `clocks/${code}/${this.#outside.machine}`;
  }
}

const TOLD = 'told';

function messageOf(sentence: string, machine: string): Answer {
  const text = say`The bot on ${machine}: ${sentence}`;
  return { type: 'answer', tone: 'bad', headline: text, parts: [], buttons: [], data: { sentence, machine } };
}
