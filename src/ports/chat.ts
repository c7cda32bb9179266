/** What is asked of chat: messages that last, who people are, and what they press and send off. */
import type { ChannelFacts, Person } from '../core/people.ts';
import type { Form, FormErrors } from '../core/reply/form.ts';
import type { Answer, Reply } from '../core/reply/reply.ts';

/** What chat knows of people and places. What can't be read is undefined, and whoever decides by it says no. */
export interface Directory {
  /** As they were within the last minute: good enough to answer by, not to decide by. */
  person(id: string): Promise<Person | undefined>;
  /** As they are now: asked at this call, or on the way while it came. */
  personNow(id: string): Promise<Person | undefined>;
  /** Ids of those who are in a user group now; nobody is in one that does not exist. */
  membersNow(groupId: string): Promise<readonly string[] | undefined>;
  channel(id: string): Promise<ChannelFacts | undefined>;
  /** Why nothing was told of that channel when it was asked for last; undefined when something was. */
  channelTrouble?(id: string): ChatFailed | undefined;
  /**
   * Can this member of the workspace read along there? The channel is public, or they are in it, as it was within the last
   * minute. False where chat does not say.
   */
  mayRead(personId: string, channelId: string): Promise<boolean>;
}

/** A message of ours that can be edited. */
export type MessageRef = { readonly channel: string; readonly id: string };

/** A post that was not made within this time is not made later by itself: whoever asked for it may ask again. */
export const POST_WITHIN_MS = 45_000;

/** Lasting messages in channels, as opposed to answers to one person. */
export interface Chat {
  /** Is over, in whatever way, within POST_WITHIN_MS. @throws {ChatFailed} */
  post(channel: string, message: Answer, thread?: MessageRef): Promise<MessageRef>;
  /**
   * Shows the message in its newest state. Edits of one message never overtake each other, and those that a newer one
   * has made needless are left out. @throws {ChatFailed}
   */
  update(message: MessageRef, content: Answer): Promise<void>;
}

/** A pressed `act` button. Who and where are undefined when chat does not say, and whoever decides by them says no. */
export type Pressed = {
  readonly act: string;
  readonly value: string;
  readonly actor: Person | undefined;
  readonly channel: ChannelFacts | undefined;
  /** Undefined where the button stood in an answer to one person, or on Home. */
  readonly message: MessageRef | undefined;
};

/**
 * What is said to whoever pressed, and to nobody else; undefined when the message itself shows what came of it. A form
 * must come within three seconds of the press, else the person is asked to press again.
 */
export type OnAct = (pressed: Pressed) => Promise<Reply | Form | undefined>;

/** A form that was sent off: what stands in its fields by name, an empty one left out. */
export type Submitted = {
  readonly form: string;
  readonly value: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly actor: Person | undefined;
  /** Where the form was asked for. */
  readonly channel: ChannelFacts | undefined;
};

/**
 * Errors that come within two seconds keep the window open with what was typed; after that it has closed, and whatever
 * there is to say is told to the person in the channel. A form takes the place of the first one, if it comes as quickly.
 */
export type OnForm = (submitted: Submitted) => Promise<Reply | Form | FormErrors | undefined>;

/** The clock of chat: one that nobody here can have set wrong. */
export interface ChatTime {
  /** Undefined until it was heard. */
  nowMs(): number | undefined;
  /** Asks chat for it; never throws. */
  hear(): Promise<void>;
}

/** Chat did not take a message. `code` is its own word for why, such as `not_in_channel`. */
export class ChatFailed extends Error {
  readonly code: string;
  constructor(code: string, sentence: string, cause: unknown) {
    super(sentence, { cause });
    this.name = 'ChatFailed';
    this.code = code;
  }
}
