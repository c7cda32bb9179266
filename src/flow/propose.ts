import type { Decision } from '../core/approval/decision.ts';
import { actorOf } from '../core/approval/decision.ts';
import { DRAFT_LIFE_MS, type Draft, encodeDraft, parseDraft } from '../core/approval/draft.ts';
import { confirmForm } from '../core/approval/forms.ts';
import { isIn, type Proposal } from '../core/approval/proposal.ts';
import { needsTyping, propose } from '../core/approval/propose.ts';
import { SLACK_UNKNOWN, whatHappened } from '../core/approval/refusals.ts';
import type { ChannelFacts, Person } from '../core/people.ts';
import { type Plan, subjectOf } from '../core/plan.ts';
import type { Form, FormErrors } from '../core/reply/form.ts';
import { type Button, type Refusal, type Reply, refuse } from '../core/reply/reply.ts';
import { code, plainText, say } from '../core/reply/text.ts';
import type { Submitted } from '../ports/chat.ts';
import { StoreError } from '../ports/store.ts';
import type { Board } from './board.ts';
import type { Wish } from './command.ts';
import { circumstancesOf, type Desk, guardedFor, rulesFor, wordsFor } from './desk.ts';
import { approversOf, factsOf, identityOf } from './facts.ts';

/** Somebody asks for a plan to be carried out; `id` is what the proposal will be called. */
type Ask = {
  readonly id: string;
  readonly plan: Plan;
  readonly reason: string;
  readonly typed?: string | undefined;
  readonly person: Person;
  readonly channelId: string;
};

/** From a wish to a proposal that is stored, and then shown: in this order, so that nothing is shown that is not so. */
export class Proposing {
  readonly #desk: Desk;
  readonly #board: Board;
  readonly #newId: () => string;

  constructor(desk: Desk, board: Board, newId: () => string) {
    this.#desk = desk;
    this.#board = board;
    this.#newId = newId;
  }

  /** @throws {RedisUnavailable}, {StoreError} also before a window, whose submission could only fail */
  async propose(wish: Wish, person: Person, channel: ChannelFacts): Promise<Reply | Form> {
    if (channel.isDirect) return NOBODY_READS_HERE;
    const guarded = guardedFor(wish, this.#desk);
    if (guarded === undefined) return NOT_OFFERED;
    const plan = await guarded.plan(wish.parameters, this.#desk.clock.nowMs());
    if ('type' in plan) return this.#refused(plan, wish, person, channel);
    const [id, reason] = [this.#newId(), wish.reason.trim()];
    const rules = rulesFor(plan, this.#desk);
    const ask = { id, plan, reason, person, channelId: channel.id };
    if (reason !== '' && !needsTyping(plan, rules)) return this.#decide(ask);
    const early = await this.#decide(ask, { isTrial: true });
    if (early.type === 'refusal') return early;
    await this.#keep(id, { plan, reason, personId: person.id, channelId: channel.id });
    return confirmForm(plan, wordsFor(plan, this.#desk).headline, rules, { draftId: id, reason });
  }

  /** The window of a proposal that still had to be confirmed was sent off, perhaps to another bot than the one that opened it. */
  async confirm(submitted: Submitted): Promise<Reply | FormErrors> {
    const [first = 'reason'] = submitted.fields.keys();
    try {
      const reply = await this.#confirm(submitted);
      if (reply.type !== 'refusal') return reply;
      const field = reply.code === SLACK_UNKNOWN[0] ? first : FIELD_OF[reply.code];
      return field === undefined ? reply : beside(field, reply);
    } catch (error) {
      // What became of a commit whose end nobody heard is told with where to look.
      if (!(error instanceof StoreError) || error.code === 'outcome_unknown') throw error;
      return beside(first, notProposed(error));
    }
  }

  async #confirm({ value: id, fields, actor: person }: Submitted): Promise<Reply> {
    const body = await this.#desk.store.memo(memoOf(id), this.#desk.clock.nowMs());
    const draft = body === undefined ? undefined : parseDraft(body);
    if (draft === undefined) return DRAFT_GONE;
    if (person === undefined) return refuse(...SLACK_UNKNOWN);
    if (person.id !== draft.personId) return DRAFT_GONE;
    const { plan, channelId } = draft;
    const reason = draft.reason === '' ? (fields.get('reason') ?? '') : draft.reason;
    return this.#decide({ id, plan, reason, typed: fields.get('typed'), person, channelId });
  }

  async #decide(ask: Ask, { isTrial = false } = {}): Promise<Reply> {
    const { id, plan, reason, typed, person, channelId } = ask;
    const { directory, store } = this.#desk;
    const rules = rulesFor(plan, this.#desk);
    const [facts, approvers] = await Promise.all([
      factsOf([person.id], rules, directory),
      approversOf(rules, directory),
    ]);
    const requester = facts === 'unknown' ? undefined : facts[0];
    const circumstances = circumstancesOf(plan, channelId, this.#desk);
    const outcome = await store.transact(async (tx) => {
      const made = await tx.proposal(id);
      // The same window once more, here or at another bot: its draft has become this proposal.
      if (made?.requester.userId === person.id) return { proposal: made, isAgain: true };
      const open = await tx.openProposal(subjectOf(plan));
      const decision = propose(
        {
          id,
          plan,
          person: requester?.identity ?? identityOf(person),
          facts: requester ?? 'unknown',
          reason,
          typed,
          channelId,
          approvers,
          open,
        },
        circumstances,
      );
      if (isTrial && isForTheForm(decision)) return FORM_FOLLOWS;
      if (decision.type === 'moved' && !(await tx.addProposal(decision.next))) {
        throw new Error(`a proposal ${id} or one of its subject is there already`);
      }
      await tx.append(decision.entries);
      if (decision.type === 'moved') return { proposal: decision.next, isAgain: false };
      return open === undefined ? decision.refusal : leadingTo(open, decision.refusal);
    });
    if ('type' in outcome) return outcome;
    await this.#board.show(id);
    // Where chat did not refuse it here it stands there, or another bot posts it in this very moment.
    const why = outcome.isAgain ? undefined : this.#board.whyBehind(id);
    return why === undefined ? receipt(outcome.proposal) : notPosted(outcome.proposal, why);
  }

  async #refused(refusal: Refusal, wish: Wish, person: Person, channel: ChannelFacts): Promise<Refusal> {
    const entry = {
      who: actorOf(identityOf(person)),
      what: 'refused',
      where: channel.id,
      atMs: this.#desk.clock.nowMs(),
      why: refusal.code,
      sidekiq: wish.sidekiq,
      proposalId: null,
      fingerprint: null,
      result: `${wish.action}: ${plainText(refusal.reason)}`,
    };
    await this.#desk.store.transact((tx) => tx.append([entry]));
    return refusal;
  }

  async #keep(id: string, draft: Draft): Promise<void> {
    const untilMs = this.#desk.clock.nowMs() + DRAFT_LIFE_MS;
    await this.#desk.store.addMemo({ id: memoOf(id), untilMs, body: encodeDraft(draft) });
  }
}

function memoOf(id: string): string {
  return `draft/${id}`;
}

function receipt(proposal: Proposal): Reply {
  const { id } = proposal;
  return {
    type: 'answer',
    tone: 'neutral',
    headline: isIn(proposal, 'proposed')
      ? say`Proposed as ${code(id)}. It waits for approval in this channel.`
      : say`Proposed as ${code(id)}. ${whatHappened(proposal)}`,
    parts: [],
    buttons: [showIt(id)],
    data: { proposal: id },
  };
}

function notPosted({ id, channelId }: Proposal, why: string): Refusal {
  return refuse(
    'not_posted',
    say`It is proposed as ${code(id)}, but I could not post it in ${code(channelId)}, so nobody can see it there.`,
    say`${why} I try again by myself until it expires.`,
    [showIt(id)],
  );
}

const showIt = (id: string): Button => ({ type: 'ask', label: 'Show it', command: `actions ${id}` });

/** What a window asks for is no reason to refuse before it has asked. */
const FIELD_OF: Readonly<Record<string, string>> = {
  no_reason: 'reason',
  long_reason: 'reason',
  not_typed: 'typed',
};

/** Said in the window, which stays open with what was typed. */
function beside(field: string, { reason, remedy }: Refusal): FormErrors {
  return { type: 'errors', errors: new Map([[field, plainText([...reason, ' ', ...remedy])]]) };
}

function notProposed(error: StoreError): Refusal {
  return refuse(
    'store_failed',
    say`Nothing was proposed: my store failed. ${error.message}`,
    say`Try again in a moment.`,
  );
}

function isForTheForm(decision: Decision): boolean {
  return decision.type === 'moved' || decision.refusal.code in FIELD_OF;
}

function leadingTo({ id }: Proposal, refusal: Refusal): Refusal {
  if (refusal.code !== 'already_open') return refusal;
  return { ...refusal, buttons: [showIt(id)] };
}

const NOBODY_READS_HERE = refuse(
  'direct_message',
  say`Nobody else reads here, so nobody could approve it.`,
  say`Propose it in the channel where your approvers are.`,
);

const NOT_OFFERED = refuse(
  'unknown_action',
  say`This bot can’t do that.`,
  say`${code('/sidekiq help')} lists what it can.`,
);

const DRAFT_GONE = refuse(
  'draft_gone',
  say`I no longer know what this window was about: it stood open for more than 15 minutes, or another version of me opened it.`,
  say`Nothing was proposed. Ask again.`,
);

const FORM_FOLLOWS: Reply = {
  type: 'answer',
  tone: 'neutral',
  headline: say`A window asks for the rest.`,
  parts: [],
  buttons: [],
  data: null,
};
