import { decide } from '../core/approval/decide.ts';
import { isIn } from '../core/approval/proposal.ts';
import type { Board } from './board.ts';
import { change, circumstancesOf, type Desk } from './desk.ts';
import type { Executor } from './execute.ts';
import type { Guarded } from './guarded.ts';
import type { Witness } from './witness.ts';

const TICK_MS = 1000;
/** What is approved or interrupted and not running, here or elsewhere, is looked for this often. */
const RESUME_EVERY = 5;
const SWEEP_EVERY = 60;
/** At a time; the next tick takes the next ones. */
const AT_ONCE = 50;
/** The newest, for those that can't be read. */
const LOOKED_THROUGH = 500;

/** What happens without anybody pressing: expiry at its time, starts and resumptions, messages that are behind, witnesses. */
export class Tick {
  readonly #desk: Desk;
  readonly #board: Board;
  readonly #executor: Executor;
  readonly #witness: Witness | undefined;
  readonly #stop = new AbortController();
  readonly #clearing = new Map<Guarded, Promise<void>>();
  #telling: Promise<void> | undefined;
  #loop: Promise<void> | undefined;

  constructor(desk: Desk, board: Board, executor: Executor, witness: Witness | undefined) {
    this.#desk = desk;
    this.#board = board;
    this.#executor = executor;
    this.#witness = witness;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await Promise.all([this.#telling, ...this.#clearing.values()]);
  }

  async #run(): Promise<void> {
    for (let turn = 0; !this.#stop.signal.aborted; turn += 1) {
      try {
        await this.#turn(turn);
      } catch (error) {
        this.#desk.log.error({ err: error }, 'expiries and starts wait for the store');
      }
      await this.#desk.clock.wait(TICK_MS, this.#stop.signal);
    }
  }

  async #turn(turn: number): Promise<void> {
    await this.#expire();
    if (turn % RESUME_EVERY === 0) await this.#resume();
    this.#board.retry();
    if (turn % SWEEP_EVERY !== 0) return;
    for (const action of this.#desk.sidekiqs.flatMap(({ actions }) => actions)) this.#clearUp(action);
    await this.#desk.store.forgetMemos(this.#desk.clock.nowMs());
    this.#telling ??= this.#tell().finally(() => {
      this.#telling = undefined;
    });
  }

  /** Nobody waits for it: a Slack that holds back what is said must not hold up what expires and what goes on. */
  async #tell(): Promise<void> {
    try {
      await this.#tellUnreadable();
      await this.#board.sweep(this.#stop.signal);
      await this.#witness?.publish();
    } catch (error) {
      this.#desk.log.error({ err: error }, 'messages that are behind wait for the store');
    }
  }

  async #expire(): Promise<void> {
    const { store, clock } = this.#desk;
    for (const { id, plan } of await store.overdueProposals(clock.nowMs(), AT_ONCE)) {
      const now = circumstancesOf(plan, 'clock', this.#desk);
      const decision = await change(id, this.#desk, (stored) => decide(stored, { type: 'expire' }, now));
      if (decision?.type === 'moved') void this.#board.show(id);
    }
  }

  /** Nobody waits for it: a Redis that is away must not hold up what expires. */
  #clearUp(action: Guarded): void {
    if (action.clearUp === undefined || this.#clearing.has(action)) return;
    const clearing = action
      .clearUp(this.#stop.signal)
      .catch((error: unknown) =>
        this.#desk.log.warn({ err: error, action: action.name }, 'it clears up later'),
      )
      .finally(() => this.#clearing.delete(action));
    this.#clearing.set(action, clearing);
  }

  async #resume(): Promise<void> {
    for (const proposal of await this.#desk.store.proposals({ isOpen: true, limit: AT_ONCE })) {
      if (isIn(proposal, 'approved', 'executing', 'interrupted')) this.#executor.begin(proposal.id);
    }
  }

  async #tellUnreadable(): Promise<void> {
    const proposals = await this.#desk.store.unreadableProposals(LOOKED_THROUGH);
    if (proposals.length === 0) return;
    this.#desk.log.warn(
      { proposals },
      'proposals that a newer version wrote, or that were changed, are left alone',
    );
  }
}
