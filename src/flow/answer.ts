import { PURGE_FORM, purgeCommand } from '../core/actions/purge-form.ts';
import { admit, type ChannelFacts, HOME, type Person } from '../core/people.ts';
import type { SidekiqPolicy } from '../core/policy.ts';
import { mayBeAskedIn } from '../core/policy.ts';
import type { Form, FormErrors } from '../core/reply/form.ts';
import { type Reply, refuse } from '../core/reply/reply.ts';
import { code, codes, say, type Text } from '../core/reply/text.ts';
import { parseCommandText, parseWords, refuseUnknownCommand } from '../core/words.ts';
import type { Submitted } from '../ports/chat.ts';
import type { Clock } from '../ports/host.ts';
import { RedisUnavailable } from '../ports/reading.ts';
import { StoreError } from '../ports/store.ts';
import type { Command, CommandContext, ObservedSidekiq, Records, Wish } from './command.ts';
import { inSight } from './sight.ts';
import { unstored } from './unstored.ts';

/** Who asks what, where. People or channels whose facts could not be read are undefined, and refused. */
export type Question = {
  readonly text: string;
  readonly asker: Person | undefined;
  readonly channel: ChannelFacts | undefined;
};

/** Takes a wish of somebody who was admitted. */
export type Proposer = {
  propose(wish: Wish, person: Person, channel: ChannelFacts): Promise<Reply | Form>;
};

/** May this person see that sidekiq, wherever they are? */
export type Sight = (person: Person, policy: SidekiqPolicy) => Promise<boolean>;

export function isAskForm({ form }: Submitted): boolean {
  return form === PURGE_FORM;
}

/** From words to a reply: the command that is meant, the sidekiqs that are meant, and every no in a sentence. */
export class Answering {
  readonly #commands: readonly Command[];
  readonly #sidekiqs: readonly ObservedSidekiq[];
  readonly #clock: Clock;
  readonly #records: Records;
  readonly #proposer: Proposer | undefined;
  readonly #sight: Sight | undefined;

  /** Without a `proposer` nothing can be proposed; without a `sight` Home is a place like others. */
  constructor(
    commands: readonly Command[],
    sidekiqs: readonly ObservedSidekiq[],
    clock: Clock,
    records: Records,
    proposer?: Proposer,
    sight?: Sight,
  ) {
    this.#commands = commands;
    this.#sidekiqs = sidekiqs;
    this.#clock = clock;
    this.#records = records;
    this.#proposer = proposer;
    this.#sight = sight;
  }

  /** A question from a person in a channel. A Redis that can't be reached is a reply; what throws is a bug. */
  async ask({ text, asker, channel }: Question): Promise<Reply | Form> {
    const admission = admit(asker, channel);
    if (admission.type === 'refusal') return admission;
    const proposer = this.#proposer;
    const { person, channel: where } = admission;
    const here = await this.#askable(person, where);
    return this.#answer(text, here, async (wish) =>
      proposer === undefined ? NOT_HERE : proposer.propose(wish, person, where),
    );
  }

  /** On Home, what they may see; elsewhere, what the settings let be asked about there. */
  async #askable(person: Person, where: ChannelFacts): Promise<readonly ObservedSidekiq[]> {
    const sight = this.#sight;
    if (where.id === HOME.id && sight !== undefined) {
      return inSight(this.#sidekiqs, (policy) => sight(person, policy));
    }
    return this.#sidekiqs.filter(({ policy }) => mayBeAskedIn(policy, where.id));
  }

  /** A window that asked for the words of a command: they are judged as if they had been typed. */
  async submit({ value, fields, actor, channel }: Submitted): Promise<Reply | Form | FormErrors> {
    const text = purgeCommand(fields, value);
    return typeof text === 'string' ? this.ask({ text, asker: actor, channel }) : text;
  }

  /** The same for somebody at a terminal, who can read our settings anyway. */
  async askLocally(text: string): Promise<Reply> {
    const reply = await this.#answer(text, this.#sidekiqs, async () => NOT_HERE);
    return reply.type === 'form' ? NOT_HERE : reply;
  }

  async #answer(
    text: string,
    here: readonly ObservedSidekiq[],
    propose: CommandContext['propose'],
  ): Promise<Reply | Form> {
    const parsed = parseCommandText(text);
    if ('type' in parsed) return parsed;
    const command = this.#commands.find(({ name }) => name === parsed.name);
    if (command === undefined)
      return refuseUnknownCommand(
        parsed.name,
        this.#commands.map(({ name }) => name),
      );
    if (here.length === 0 && command.sidekiqs !== 'none') return refuseHere(this.#sidekiqs);
    const names = here.map(({ policy }) => policy.name);
    const words = parseWords(parsed.tokens, command, names);
    if (words.type === 'refusal') return words;
    const sidekiqs = pick(command, here, words.on, parsed.typed);
    if ('type' in sidekiqs) return sidekiqs;
    const context = {
      sidekiqs,
      commands: this.#commands,
      typed: parsed.typed,
      nowMs: this.#clock.nowMs(),
      propose,
      records: this.#records,
    };
    try {
      return await command.run(words.words, context);
    } catch (error) {
      if (error instanceof RedisUnavailable) return refuseUnreachable(error, parsed.typed);
      if (error instanceof StoreError) return unstored(error);
      throw error;
    }
  }
}

function pick(
  command: Command,
  here: readonly ObservedSidekiq[],
  on: string | undefined,
  typed: string,
): readonly ObservedSidekiq[] | Reply {
  if (on !== undefined) {
    const named = here.filter(({ policy }) => policy.name.toLowerCase() === on.toLowerCase());
    if (named.length > 0) return named;
    return refuse('unknown_sidekiq', say`There is no sidekiq called ${code(on)} here.`, say`${known(here)}`);
  }
  if (command.sidekiqs !== 'one' || here.length === 1) return here;
  return refuse(
    'which_sidekiq',
    say`Which sidekiq? ${known(here)}`,
    say`Press one, or add ${code('on NAME')}.`,
    here.map(({ policy }) => ({ type: 'ask', label: policy.name, command: `${typed} on ${policy.name}` })),
  );
}

function known(sidekiqs: readonly ObservedSidekiq[]): Text {
  const names = codes(sidekiqs.map(({ policy }) => policy.name));
  return sidekiqs.length === 1 ? say`There is ${names}.` : say`There are ${names}.`;
}

/** Names no sidekiq: this channel may not be meant to know of them. */
function refuseHere(sidekiqs: readonly ObservedSidekiq[]): Reply {
  const channels = new Set(sidekiqs.flatMap(({ policy }) => policy.channels));
  return refuse(
    'wrong_channel',
    say`Sidekiq may not be asked about in this channel.`,
    channels.size === 0
      ? say`Whoever runs this bot can add the channel to its settings.`
      : say`Ask in a channel that its settings name, or have this one added under ${code('channels')}.`,
  );
}

const NOT_HERE = refuse(
  'only_in_slack',
  say`A terminal only looks. What changes something is proposed in Slack, where a second person can agree.`,
  say`Type the same after ${code('/sidekiq')} in the channel of your approvers.`,
);

function refuseUnreachable(error: RedisUnavailable, typed: string): Reply {
  return refuse(
    'redis_unavailable',
    say`${error.message}`,
    say`Nothing was changed. Check that Redis is up and that this bot may connect to it, then try again.`,
    [{ type: 'refresh', command: typed }],
  );
}
