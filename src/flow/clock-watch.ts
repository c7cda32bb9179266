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
  /** What of each is told, or known to be over; nothing before the first look. */
  readonly #isSaid = new Map<ClockTrouble['code'], boolean>();
  readonly #isLogged = new Set<ClockTrouble['code']>();
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

  /** What it asks of a Slack or a store that hangs is left to end by itself. */
  stop(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#look();
      await this.#outside.own.wait(LOOK_EVERY_MS, this.#stop.signal);
    }
  }

  async #look(): Promise<void> {
    // Where a machine slept, what Slack said before lags behind; so nothing new is believed before it has been asked.
    if (this.#troubles(this.clocks).some(({ code }) => !this.#isKnown(code, true)))
      await this.#outside.chatTime.hear();
    const { clocks } = this;
    const troubles = this.#troubles(clocks);
    for (const code of CLOCK_TROUBLES) {
      const trouble = troubles.find((one) => one.code === code);
      if (this.#isKnown(code, trouble !== undefined)) continue;
      try {
        if (trouble === undefined) await this.#end(code);
        else await this.#begin(trouble, clocks);
      } catch (err) {
        this.#outside.log.warn({ err, code }, 'what is wrong with the clocks is told later');
      }
    }
  }

  #isKnown(code: ClockTrouble['code'], isTrouble: boolean): boolean {
    return this.#isSaid.get(code) === isTrouble;
  }

  #troubles(clocks: Clocks): readonly ClockTrouble[] {
    return clockTroubles(clocks, this.#outside.isReachedOverHttp);
  }

  async #begin({ code, sentence }: ClockTrouble, clocks: Clocks): Promise<void> {
    const { log } = this.#outside;
    if (!this.#isLogged.has(code)) log.warn({ code, ...clocks }, sentence);
    this.#isLogged.add(code);
    if (await this.#isTold(code, sentence)) this.#isSaid.set(code, true);
  }

  /** Where Slack does not take it now, it is told at the next look. */
  async #isTold(code: ClockTrouble['code'], sentence: string): Promise<boolean> {
    const { tell, notes, machine } = this.#outside;
    // Whatever goes by it goes by the store's.
    if (code === 'own_is_off') return true;
    const id = this.#noteId(code);
    if ((await notes.load(id)) === TOLD) return true;
    if (!(await tell(messageOf(sentence, machine)))) return false;
    await notes.save(id, TOLD);
    return true;
  }

  async #end(code: ClockTrouble['code']): Promise<void> {
    const { log, notes } = this.#outside;
    if (this.#isLogged.delete(code)) log.info({ code, ...this.clocks }, 'the clocks agree again');
    if ((await notes.load(this.#noteId(code))) === TOLD) await notes.save(this.#noteId(code), '');
    this.#isSaid.set(code, false);
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
