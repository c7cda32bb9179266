import { type Refusal, refuse } from './reply/reply.ts';
import { code, say } from './reply/text.ts';

/**
 * Who asks, and where. What chat knows of them arrives as facts; whether they may ask is decided here, purely. Silence is a
 * no: a person or a channel whose facts could not be read (`undefined`) is refused.
 */
export type Person = {
  readonly id: string;
  /** On Enterprise Grid one human can have an id per workspace; this one is the same in all of them. */
  readonly enterpriseUserId: string | null;
  readonly name: string;
  readonly isBot: boolean;
  /** Invited into some channels only. */
  readonly isGuest: boolean;
  /** Of another company, by a shared channel. */
  readonly isOutsider: boolean;
  readonly isDeactivated: boolean;
};

export type ChannelFacts = {
  readonly id: string;
  readonly name: string;
  /** Shared with another company, or about to be: its people read along. */
  readonly isExternal: boolean;
  /** A conversation of one person with the bot or with another. */
  readonly isDirect: boolean;
};

/** The page that chat draws for one person alone; nobody else reads there. */
export const HOME: ChannelFacts = { id: 'home', name: 'Home', isExternal: false, isDirect: true };

export type Admitted = { readonly type: 'admitted'; readonly person: Person; readonly channel: ChannelFacts };

/** May this person ask here? The person comes first, so that nothing of the channel is told to who may not ask. */
export function admit(person: Person | undefined, channel: ChannelFacts | undefined): Admitted | Refusal {
  if (person === undefined) return PERSON_UNKNOWN;
  const refused = refusePerson(person);
  if (refused !== undefined) return refused;
  if (channel === undefined) return CHANNEL_UNKNOWN;
  if (channel.isExternal) return CHANNEL_EXTERNAL;
  return { type: 'admitted', person, channel };
}

const PERSON_UNKNOWN = refuse(
  'person_unknown',
  say`I could not find out who you are, so I don’t answer.`,
  say`Try again in a minute. If it stays so, the bot may lack the scope ${code('users:read')}.`,
);

const CHANNEL_UNKNOWN = refuse(
  'channel_unknown',
  say`I can’t see this conversation, so I can’t tell who reads along.`,
  say`Invite me (${code('/invite')}), ask in a channel where I am, or write to me directly.`,
);

const CHANNEL_EXTERNAL = refuse(
  'external_channel',
  say`This channel is shared with another organisation, and what I say is not for them.`,
  say`Ask in a channel of your own, or write to me directly.`,
);

function refusePerson(person: Person): Refusal | undefined {
  if (person.isBot) {
    return refuse('bot', say`I answer people, not bots.`, say`Ask from your own account.`);
  }
  if (person.isDeactivated) {
    return refuse('deactivated', say`Your account is deactivated.`, say`Ask an admin of this workspace.`);
  }
  if (person.isOutsider) {
    return refuse(
      'outsider',
      say`You belong to another organisation, and I answer only people of this one.`,
      say`Ask someone who runs this Sidekiq to look for you.`,
    );
  }
  if (person.isGuest) {
    return refuse(
      'guest',
      say`You are a guest of this workspace, and I answer only its members.`,
      say`Ask a member of the team to look for you.`,
    );
  }
  return undefined;
}
