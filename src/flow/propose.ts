import type { Decision } from '../core/approval/decision.ts';
import { actorOf } from '../core/approval/decision.ts';
import { confirmForm } from '../core/approval/forms.ts';
import type { Proposal } from '../core/approval/proposal.ts';
import { needsTyping, propose } from '../core/approval/propose.ts';
import type { ChannelFacts, Person } from '../core/people.ts';
import { type Plan, subjectOf } from '../core/plan.ts';
import type { Form, FormErrors } from '../core/reply/form.ts';
import { type Refusal, type Reply, refuse } from '../core/reply/reply.ts';
import { code, plainText, say } from '../core/reply/text.ts';
import type { Submitted } from '../ports/chat.ts';
import type { Board } from './board.ts';
import type { Wish } from './command.ts';
import { circumstancesOf, type Desk, guardedFor, rulesFor, wordsFor } from './desk.ts';
import { approversOf, factsOf, identityOf } from './facts.ts';

/** What somebody asked for, until they have said why. Only in memory: who is asked anew after a restart loses nothing. */
type Draft = {
  readonly plan: Plan;
  readonly reason: string;
  readonly person: Person;
  readonly channel: ChannelFacts;
  readonly atMs: number;
};

const DRAFT_LIFE_MS = 15 * 60_000;
const DRAFTS_MAX = 500;

/** From a wish to a proposal that is stored, and then shown: in this order, so that nothing is shown that is not so. */
export class Proposing {
  readonly #desk: Desk;
  readonly #board: Board;
  readonly #newId: () => string;
  readonly #drafts = new Map<string, Draft>();

  constructor(desk: Desk, board: Board, newId: () => string) {
    this.#desk = desk;
    this.#board = board;
    this.#newId = newId;
  }

  /** @throws {RedisUnavailable} */
  async propose(wish: Wish, person: Person, channel: ChannelFacts): Promise<Reply | Form> {
    if (channel.isDirect) return NOBODY_READS_HERE;
    const guarded = guardedFor(wish, this.#desk);
    if (guarded === undefined) return NOT_OFFERED;
    const plan = await guarded.plan(wish.parameters, this.#desk.clock.nowMs());
    if ('type' in plan) return this.#refused(plan, wish, person, channel);
    const draft = { plan, reason: wish.reason.trim(), person, channel, atMs: this.#desk.clock.nowMs() };
    const rules = rulesFor(plan, this.#desk);
    if (draft.reason !== '' && !needsTyping(plan, rules)) return this.#decide(draft, undefined);
    const early = await this.#decide(draft, undefined, { isTrial: true });
    if (early.type === 'refusal') return early;
    const draftId = this.#keep(draft);
    return confirmForm(plan, wordsFor(plan, this.#desk).headline, rules, { draftId, reason: draft.reason });
  }

  /** The window of a proposal that still had to be confirmed was sent off. */
  async confirm({ value, fields, actor }: Submitted): Promise<Reply | FormErrors> {
    const draft = this.#drafts.get(value);
    const isFresh = draft !== undefined && this.#desk.clock.nowMs() - draft.atMs < DRAFT_LIFE_MS;
    if (!isFresh || actor?.id !== draft.person.id) return DRAFT_GONE;
    const reason = draft.reason === '' ? (fields.get('reason') ?? '') : draft.reason;
    const reply = await this.#decide({ ...draft, reason }, fields.get('typed'));
    if (reply.type === 'refusal' && reply.code in FIELD_OF) {
      const field = FIELD_OF[reply.code] ?? '';
      return {
        type: 'errors',
        errors: new Map([[field, plainText([...reply.reason, ' ', ...reply.remedy])]]),
      };
    }
    this.#drafts.delete(value);
    return reply;
  }

  async #decide(draft: Draft, typed: string | undefined, { isTrial = false } = {}): Promise<Reply> {
    const { plan, reason, person, channel } = draft;
    const { directory, store } = this.#desk;
    const rules = rulesFor(plan, this.#desk);
    const [facts, approvers] = await Promise.all([
      factsOf([person.id], rules, directory),
      approversOf(rules, directory),
    ]);
    const requester = facts === 'unknown' ? undefined : facts[0];
    const [id, circumstances] = [this.#newId(), circumstancesOf(plan, channel.id, this.#desk)];
    const { decision, open } = await store.transact(async (tx) => {
      const open = await tx.openProposal(subjectOf(plan));
      const decision = propose(
        {
          id,
          plan,
          person: requester?.identity ?? identityOf(person),
          facts: requester ?? 'unknown',
          reason,
          typed,
          channelId: channel.id,
          approvers,
          open,
        },
        circumstances,
      );
      if (isTrial && isForTheForm(decision)) return { decision, open };
      if (decision.type === 'moved' && !(await tx.addProposal(decision.next))) {
        throw new Error(`a proposal ${id} or one of its subject is there already`);
      }
      await tx.append(decision.entries);
      return { decision, open };
    });
    if (decision.type === 'refused') {
      if (isTrial && isForTheForm(decision)) return FORM_FOLLOWS;
      return open === undefined ? decision.refusal : leadingTo(open, decision.refusal);
    }
    await this.#board.show(id);
    return this.#receipt(decision.next);
  }

  async #receipt({ id, channelId }: Proposal): Promise<Reply> {
    const message = await this.#board.messageOf(id);
    const see = [{ type: 'ask', label: 'Show it', command: `actions ${id}` } as const];
    if (message !== undefined) {
      return {
        type: 'answer',
        tone: 'neutral',
        headline: say`Proposed as ${code(id)}. It waits for approval in this channel.`,
        parts: [],
        buttons: see,
        data: { proposal: id },
      };
    }
    return refuse(
      'not_posted',
      say`It is proposed as ${code(id)}, but I could not post it in ${code(channelId)}, so nobody can see it there.`,
      say`I try again until it expires. Is the bot in the channel? ${code('/invite')} lets it in.`,
      see,
    );
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

  #keep(draft: Draft): string {
    const id = this.#newId();
    this.#drafts.set(id, draft);
    const [oldest] = this.#drafts.keys();
    if (this.#drafts.size > DRAFTS_MAX && oldest !== undefined) this.#drafts.delete(oldest);
    return id;
  }
}

/** What a window asks for is no reason to refuse before it has asked. */
const FIELD_OF: Readonly<Record<string, string>> = {
  no_reason: 'reason',
  long_reason: 'reason',
  not_typed: 'typed',
};

function isForTheForm(decision: Decision): boolean {
  return decision.type === 'moved' || decision.refusal.code in FIELD_OF;
}

function leadingTo({ id }: Proposal, refusal: Refusal): Refusal {
  if (refusal.code !== 'already_open') return refusal;
  return { ...refusal, buttons: [{ type: 'ask', label: 'Show it', command: `actions ${id}` }] };
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
  say`I no longer know what this window was about: it was open for long, or I was restarted.`,
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
