import { decide, type ProposalEvent } from '../core/approval/decide.ts';
import type { Decision } from '../core/approval/decision.ts';
import { isIn, type Progress, type Proposal } from '../core/approval/proposal.ts';
import { refuse } from '../core/reply/reply.ts';
import { plainText, say } from '../core/reply/text.ts';
import type { StepWriter } from '../ports/archive.ts';
import { logged } from '../ports/log-context.ts';
import { RedisUnavailable } from '../ports/reading.ts';
import { StoreError } from '../ports/store.ts';
import type { Board } from './board.ts';
import { change, circumstancesOf, type Desk, guardedFor } from './desk.ts';
import type { GoOn, Guarded, Outcome, Work } from './guarded.ts';
import { type HeldLease, holdLease } from './lease.ts';

/**
 * Carries out what was approved: lease, look again, record the start, steps, record the end. Every change carries the fence of
 * the lease, so a bot that was held for dead and comes back can write nothing; and it does nothing that it can't write.
 */
export class Executor {
  readonly #desk: Desk;
  readonly #board: Board;
  readonly #holder: string;
  readonly #running = new Map<string, { readonly done: Promise<void>; nudge: AbortController }>();
  readonly #shutdown = new AbortController();

  /** `holder` is this bot: never the name of another that may still run. */
  constructor(desk: Desk, board: Board, holder: string) {
    this.#desk = desk;
    this.#board = board;
    this.#holder = holder;
  }

  /** Starts or resumes it, unless it runs here already. What fails is logged and tried again by the tick. */
  begin(id: string): void {
    if (this.#shutdown.signal.aborted || this.#running.has(id)) return;
    const work = async () => {
      try {
        await this.#run(id);
      } catch (error) {
        this.#desk.log.error({ err: error, proposal: id }, 'an action could not go on');
      } finally {
        this.#running.delete(id);
      }
    };
    const done = logged({ proposal: id }, work);
    this.#running.set(id, { done, nudge: new AbortController() });
  }

  /** Something was decided about it: whoever waits in it looks again. */
  nudge(id: string): void {
    this.#running.get(id)?.nudge.abort();
  }

  /** Ends between two steps what runs, and hands it over. */
  async stop(): Promise<void> {
    this.#shutdown.abort();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #run(id: string): Promise<void> {
    await using lease = await holdLease(`action/${id}`, this.#holder, this.#desk.store, this.#desk);
    if (lease === undefined) return;
    const proposal = await this.#desk.store.proposal(id);
    if (proposal === undefined) return;
    const guarded = guardedFor(proposal.plan, this.#desk) ?? NO_LONGER_THERE;
    const ready = await this.#makeReady(proposal, guarded, lease.fence);
    if (ready !== undefined) await this.#carryOut(ready, guarded, lease);
  }

  /** Brings it to executing under this lease; undefined when there is nothing to carry out, or not now. */
  async #makeReady(
    proposal: Proposal,
    guarded: Guarded,
    fence: number,
  ): Promise<Proposal<'executing'> | undefined> {
    const { id, plan } = proposal;
    if (isIn(proposal, 'approved')) {
      const fresh = await this.#lookAgain(proposal, guarded);
      if (fresh === undefined) return undefined;
      if ('type' in fresh) {
        const reason = `It could not begin: ${plainText(fresh.reason)} Nothing was done.`;
        await this.#change(id, { type: 'fail', fence, reason });
        return undefined;
      }
      const drift = guarded.drift(plan, fresh);
      return executing(await this.#change(id, { type: 'start', fence, fresh, drift }));
    }
    if (isIn(proposal, 'executing')) {
      const why = 'The bot that ran it went away.';
      await this.#change(id, { type: 'interrupt', fence, why });
      return executing(await this.#change(id, { type: 'resume', fence }));
    }
    if (!isIn(proposal, 'interrupted')) return undefined;
    // A Redis that is still away would only interrupt it again, with two records more.
    if ((await this.#lookAgain(proposal, guarded)) === undefined) return undefined;
    return executing(await this.#change(id, { type: 'resume', fence }));
  }

  /** Undefined while Redis can't be asked; the tick comes again. */
  async #lookAgain({ plan }: Proposal, guarded: Guarded) {
    try {
      return await guarded.plan(plan.parameters, this.#desk.clock.nowMs(), plan);
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
      this.#desk.log.warn({ err: error, sidekiq: plan.sidekiq }, 'an approved action waits for Redis');
      return undefined;
    }
  }

  async #carryOut(proposal: Proposal<'executing'>, guarded: Guarded, lease: HeldLease): Promise<void> {
    const { id } = proposal;
    const { fence } = lease;
    try {
      const { action, sidekiq } = proposal.plan;
      this.#desk.log.info({ action, sidekiq }, 'an action is carried out');
      const outcome = await guarded.carryOut(this.#workOn(proposal, lease));
      await this.#change(id, endOf(outcome, fence));
      this.#desk.log.info({ end: outcome.type }, 'an action has ended');
    } catch (error) {
      if (error instanceof LeaseLost) {
        this.#desk.log.warn({ proposal: id }, 'another bot goes on with this action');
        return;
      }
      // It stays as it is in the store; with the store back, the tick resumes it.
      if (error instanceof StoreError) throw error;
      if (error instanceof ShutDown || error instanceof RedisUnavailable) {
        await this.#change(id, { type: 'interrupt', fence, why: error.message });
        return;
      }
      const reason = 'Something went wrong inside the bot; its log tells more. The last step above was done.';
      await this.#change(id, { type: 'fail', fence, reason });
      throw error;
    }
  }

  #workOn({ id, plan, now }: Proposal<'executing'>, lease: HeldLease): Work {
    const { fence, lost } = lease;
    const mustGoOn = () => {
      if (lost.aborted) throw new LeaseLost();
      if (this.#shutdown.signal.aborted) throw new ShutDown();
    };
    const goOn = (proposal: Proposal | undefined): GoOn => {
      mustGoOn();
      if (proposal === undefined || !isIn(proposal, 'executing') || proposal.now.fence !== fence)
        throw new LeaseLost();
      return proposal.now.stop === null ? 'go on' : 'stop';
    };
    return {
      id,
      plan,
      fence,
      progress: now.progress,
      step: async (step, write) => {
        mustGoOn();
        const progress: Progress = { ...step, atMs: this.#desk.clock.nowMs() };
        const decision = await this.#change(id, { type: 'progress', fence, progress }, write);
        if (decision?.type === 'refused' && decision.refusal.code !== 'lost_lease') {
          throw new Error(plainText(decision.refusal.reason));
        }
        return goOn(executing(decision));
      },
      pause: async (ms) => {
        mustGoOn();
        const running = this.#running.get(id);
        const nudge = new AbortController();
        if (running !== undefined) running.nudge = nudge;
        const signal = AbortSignal.any([nudge.signal, lost, this.#shutdown.signal]);
        await this.#desk.clock.wait(ms, signal);
        return goOn(await this.#desk.store.proposal(id));
      },
    };
  }

  async #change(
    id: string,
    event: ProposalEvent,
    write?: (tx: StepWriter) => Promise<void>,
  ): Promise<Decision | undefined> {
    const decideOn = (now: Proposal) => decide(now, event, circumstancesOf(now.plan, 'executor', this.#desk));
    const decision = await change(id, this.#desk, decideOn, write);
    if (decision?.type === 'moved') void this.#board.show(id);
    return decision;
  }
}

const NO_LONGER = 'The settings no longer name this sidekiq, or this bot lacks the action.';

/** Ends what cannot be carried out any more. */
const NO_LONGER_THERE: Guarded = {
  name: '',
  plan: async () => refuse('no_longer_there', say`${NO_LONGER}`, say`Propose it anew where it is known.`),
  drift: () => 'same or less',
  describe: () => ({ headline: [], details: [] }),
  carryOut: async () => ({ type: 'failed', reason: `${NO_LONGER} The last step above was done.` }),
};

/** Another bot has taken over: this one must do and write nothing more. */
class LeaseLost extends Error {}

class ShutDown extends Error {
  constructor() {
    super('The bot was stopped.');
  }
}

function executing(decision: Decision | undefined): Proposal<'executing'> | undefined {
  if (decision?.type !== 'moved' || !isIn(decision.next, 'executing')) return undefined;
  return decision.next;
}

function endOf(outcome: Outcome, fence: number): ProposalEvent {
  switch (outcome.type) {
    case 'done':
      return { type: 'finish', fence, result: outcome.result };
    case 'stopped':
      return { type: 'halt', fence, result: outcome.result };
    case 'failed':
      return { type: 'fail', fence, reason: outcome.reason };
    default:
      return outcome satisfies never;
  }
}
