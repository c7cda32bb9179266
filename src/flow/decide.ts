import { decide, type ProposalEvent } from '../core/approval/decide.ts';
import { type Asked, actorOf, type Click, type Decision } from '../core/approval/decision.ts';
import { denyForm } from '../core/approval/forms.ts';
import { isSamePerson, type PersonFacts } from '../core/approval/person.ts';
import { type ActName, actNamed, parseValue, UNKNOWN_PROPOSAL } from '../core/approval/press.ts';
import type { Proposal } from '../core/approval/proposal.ts';
import type { Person } from '../core/people.ts';
import type { Form, FormErrors } from '../core/reply/form.ts';
import { type Refusal, type Reply, refuse } from '../core/reply/reply.ts';
import { code, plainText, say } from '../core/reply/text.ts';
import type { Pressed, Submitted } from '../ports/chat.ts';
import type { Board } from './board.ts';
import { change, circumstancesOf, type Desk, rulesFor, wordsFor } from './desk.ts';
import type { Executor } from './execute.ts';
import { factsOf, identityOf } from './facts.ts';

/** Votes that arrive while Slack is asked about those before them; more than this at once is no quorum but a storm. */
const TRIES = 20;

/** What people press: each press and each submission is judged anew, by facts of this moment. */
export class Deciding {
  readonly #desk: Desk;
  readonly #board: Board;
  readonly #executor: Executor;

  constructor(desk: Desk, board: Board, executor: Executor) {
    this.#desk = desk;
    this.#board = board;
    this.#executor = executor;
  }

  /** Undefined for a button that belongs to something else. */
  async press(pressed: Pressed): Promise<Reply | Form | undefined> {
    const outcome = await this.#judge(pressed);
    const { value, message } = pressed;
    const id = parseValue(value)?.id;
    // A deny is settled by its form; the message that it began on is shown anew then.
    if (id !== undefined && message !== undefined)
      void this.#board.adopt(id, message).then(() => this.#board.show(id));
    return outcome;
  }

  async #judge({ act, value, actor, channel }: Pressed): Promise<Reply | Form | undefined> {
    const name = actNamed(act);
    if (name === undefined) return UNKNOWN_PROPOSAL;
    if (actor === undefined) return WHO_ARE_YOU;
    const where = channel?.id ?? 'slack';
    const pressed = parseValue(value);
    const proposal = pressed === undefined ? undefined : await this.#desk.store.proposal(pressed.id);
    if (pressed === undefined || proposal === undefined) return this.#unknown(name, value, actor, where);
    const ask = { proposal, actor, fingerprint: pressed.fingerprint, where };
    switch (name) {
      case 'approve':
        return this.#settle(ask, (by, earlier) => ({ type: 'approve', by, earlier }));
      case 'cancel':
        return this.#settle(ask, (by) => ({ type: 'cancel', by }));
      case 'stop':
        return this.#settle(ask, (by) => ({ type: 'stop', by }));
      case 'deny': {
        const no = await this.#settle(ask, (by) => ({ type: 'deny', by, reason: '?' }), { isTrial: true });
        return no ?? denyForm(proposal, wordsFor(proposal.plan, this.#desk).headline);
      }
      default:
        return name satisfies never;
    }
  }

  /** The window that asks why somebody denies. */
  async submit({ value, fields, actor, channel }: Submitted): Promise<Reply | FormErrors | undefined> {
    if (actor === undefined) return WHO_ARE_YOU;
    const where = channel?.id ?? 'slack';
    const pressed = parseValue(value);
    const proposal = pressed === undefined ? undefined : await this.#desk.store.proposal(pressed.id);
    if (pressed === undefined || proposal === undefined) return this.#unknown('deny', value, actor, where);
    const reason = fields.get('reason') ?? '';
    const ask = { proposal, actor, fingerprint: pressed.fingerprint, where };
    const no = await this.#settle(ask, (by) => ({ type: 'deny', by, reason }));
    if (no?.code !== 'no_reason') return no;
    return { type: 'errors', errors: new Map([['reason', plainText([...no.reason, ' ', ...no.remedy])]]) };
  }

  /** The refusal, or undefined when it counted (of a trial: when it would count). */
  async #settle(ask: Ask, event: Wanted, { isTrial = false } = {}): Promise<Refusal | undefined> {
    const decision = await this.#decideByFacts(ask, event, isTrial);
    const { id } = ask.proposal;
    if (decision.type === 'refused') return decision.refusal;
    if (isTrial) return undefined;
    const { state } = decision.next.now;
    if (state === 'approved') this.#executor.begin(id);
    else this.#executor.nudge(id);
    void this.#board.show(id);
    return undefined;
  }

  async #decideByFacts(
    { proposal, actor, fingerprint, where }: Ask,
    event: Wanted,
    isTrial: boolean,
  ): Promise<Decision> {
    const { directory, store } = this.#desk;
    let known = proposal;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const voters = votesOf(known).map(({ person }) => person.userId);
      const rules = rulesFor(known.plan, this.#desk);
      const [facts, earlier] = await Promise.all([
        factsOf([actor.id], rules, directory),
        factsOf(voters, rules, directory),
      ]);
      const [own] = facts === 'unknown' ? [] : facts;
      const by: Click = {
        person: own?.identity ?? identityOf(actor),
        facts: own ?? 'unknown',
        fingerprint,
      };
      let trial: Decision | undefined;
      const decision = await change(known.id, this.#desk, (now) => {
        const isUpToDate = votesOf(now).every(({ person }) =>
          votesOf(known).some((before) => isSamePerson(before.person, person)),
        );
        if (!isUpToDate) return undefined;
        const decided = decide(now, event(by, earlier), circumstancesOf(now.plan, where, this.#desk));
        if (!isTrial || decided.type === 'refused') return decided;
        trial = decided;
        return undefined;
      });
      const settled = decision ?? trial;
      if (settled !== undefined) return settled;
      known = (await store.proposal(known.id)) ?? known;
    }
    throw new Error(`${TRIES} votes on ${known.id} came in between`);
  }

  /** Forged, or older than the store. Recorded with as much of it as could be a name. */
  async #unknown(act: ActName, value: string, actor: Person, where: string): Promise<Refusal> {
    const entry = {
      who: actorOf(identityOf(actor)),
      what: 'refused',
      where,
      atMs: this.#desk.clock.nowMs(),
      why: UNKNOWN_PROPOSAL.code,
      sidekiq: null,
      proposalId: null,
      fingerprint: null,
      result: `${act} of ${JSON.stringify(value.slice(0, 40).toWellFormed())}, which is no proposal`,
    };
    await this.#desk.store.transact((tx) => tx.append([entry]));
    return UNKNOWN_PROPOSAL;
  }
}

type Ask = {
  readonly proposal: Proposal;
  readonly actor: Person;
  readonly fingerprint: string;
  readonly where: string;
};

/** What a press asks for, once the facts about who pressed and who agreed before are there. */
type Wanted = (by: Click, earlier: Asked<readonly PersonFacts[]>) => ProposalEvent;

function votesOf({ now }: Proposal) {
  return now.state === 'proposed' ? now.votes : [];
}

const WHO_ARE_YOU = refuse(
  'slack_unknown',
  say`Slack could not be asked who you are, so this does not count.`,
  say`Nothing was done. Try again in a minute; if it stays so, the bot may lack ${code('users:read')}.`,
);
