import type { App } from '@slack/bolt';
import { z } from 'zod';
import { admit, type ChannelFacts, HOME, type Person } from '../core/people.ts';
import type { Form } from '../core/reply/form.ts';
import { type Reply, refuse } from '../core/reply/reply.ts';
import { say } from '../core/reply/text.ts';
import { UNKNOWN_ELEMENT } from '../core/reply/unknown.ts';
import type { Directory } from '../ports/chat.ts';
import type { Clock } from '../ports/host.ts';
import { within } from '../ports/within.ts';
import { ACTION_IDS, ASK_ACTION_ID } from './action-ids.ts';
import { postRefusal, TookTooLong } from './failures.ts';
import type { Heard } from './heard.ts';
import { answering, type Ears } from './listen.ts';
import type { Remembered, RememberedAnswers } from './remembered.ts';
import { renderReply } from './render/reply.ts';
import { showForm } from './show-form.ts';

/** Answers a question; whether this person may ask it here is part of the answer. */
export type Answer = (question: {
  readonly text: string;
  readonly asker: Person | undefined;
  readonly channel: ChannelFacts | undefined;
}) => Promise<Reply | Form>;

export type Conversation = Ears & {
  readonly answer: Answer;
  readonly directory: Directory;
  readonly remembered: RememberedAnswers;
  readonly clock: Clock;
};

/** Whatever is asked takes seconds at most; this is for the day when something hangs. */
const ANSWER_WITHIN_MS = 60_000;

/** Questions and what grows out of them: asking by command or button, refreshing, sharing. */
export function converse(app: App, conversation: Conversation): void {
  // Slack delivers only the commands of our own manifest, whatever they are called there.
  app.command(
    /.*/,
    answering(conversation, (heard) => reply(conversation, heard, heard.typed)),
  );
  app.action(
    ASK_ACTION_ID,
    answering(conversation, (heard) => reply(conversation, heard, heard.value)),
  );
  app.action(
    ACTION_IDS.refresh,
    answering(conversation, (heard) => reply(conversation, heard, heard.value, { replace: true })),
  );
  app.action(
    ACTION_IDS.share,
    answering(conversation, (heard) => share(conversation, heard)),
  );
}

async function reply(
  conversation: Conversation,
  heard: Heard,
  text: string,
  { replace = false } = {},
): Promise<void> {
  const reply = await answerTo(conversation, heard, text);
  if (reply.type === 'form') return showForm(conversation.speech, heard, reply);
  // A lasting message is everybody's: nobody's answer takes its place.
  await tell(conversation, heard, reply, text, replace && heard.message === undefined);
}

async function tell(
  { remembered, speech }: Conversation,
  heard: Heard,
  reply: Reply,
  command: string,
  replace: boolean,
): Promise<void> {
  // Asked on Home, it is told in another place, where the same question may be none.
  const share = heard.isHome ? {} : { share: { answer: remembered.keep(reply), command } };
  await speech.tell(heard, (drawing) => renderReply(reply, { ...drawing, ...share }), { replace });
}

async function answerTo(conversation: Conversation, heard: Heard, text: string): Promise<Reply | Form> {
  const { answer, clock } = conversation;
  const { asker, channel } = await whoAndWhere(conversation, heard);
  return inTime(clock, answer({ text, asker, channel }));
}

/** @throws {TookTooLong} instead of waiting for ever. */
export function inTime<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return within(clock, ANSWER_WITHIN_MS, work, () => new TookTooLong(ANSWER_WITHIN_MS));
}

/** Whoever did something, and where, as Slack knows them. */
export async function whoAndWhere(
  { directory }: Conversation,
  { userId, channelId, isHome = false }: Pick<Heard, 'userId' | 'channelId'> & { readonly isHome?: boolean },
) {
  const noChannel = isHome ? HOME : undefined;
  const [asker, channel] = await Promise.all([
    directory.person(userId),
    channelId === undefined ? noChannel : directory.channel(channelId),
  ]);
  return { asker, channel };
}

const shareValue = z.object({ answer: z.string(), command: z.string() });

/** Posts the answer as it was seen. It does so once, whatever is pressed or delivered twice, and to whichever bot. */
async function share(conversation: Conversation, heard: Heard): Promise<void> {
  const { remembered, speech } = conversation;
  const { asker, channel } = await whoAndWhere(conversation, heard);
  const admission = admit(asker, channel);
  const tellThem = (reply: Reply) => speech.tell(heard, (drawing) => renderReply(reply, drawing));
  if (admission.type === 'refusal') return tellThem(admission);

  const { answer: id, command } = shareValue.parse(JSON.parse(heard.value));
  if (!(await remembered.claim(id))) return tellThem(SHARED_ALREADY);
  const told = await postClaimed(conversation, heard, { id, command, channelId: admission.channel.id });
  if (told !== undefined) await tellThem(told);
}

/** Posts what this press may post; what is left to be told to whoever pressed, once it is decided whether it stands there. */
async function postClaimed(
  conversation: Conversation,
  heard: Heard,
  { id, command, channelId }: { readonly id: string; readonly command: string; readonly channelId: string },
): Promise<Reply | undefined> {
  const { remembered } = conversation;
  try {
    const known = await remembered.find(id);
    const shared = known ?? (await askedAgain(conversation, heard, command));
    if (shared.reply.type === 'refusal') {
      await remembered.notPosted(id);
      return shared.reply;
    }
    await postShared(conversation, heard, shared, channelId);
    await remembered.posted(id);
    return known === undefined ? ASKED_AGAIN : undefined;
  } catch (error) {
    await remembered.notPosted(id);
    const refusal = postRefusal(error);
    if (refusal === undefined) throw error;
    return refusal;
  }
}

/** The answer is forgotten after a while; the question is not. */
async function askedAgain(conversation: Conversation, heard: Heard, command: string): Promise<Remembered> {
  const answer = await answerTo(conversation, heard, command);
  const reply = answer.type === 'form' ? UNKNOWN_ELEMENT : answer;
  return { reply, answeredAtMs: conversation.clock.nowMs() };
}

async function postShared(
  { speech }: Conversation,
  { userId }: Heard,
  { reply, answeredAtMs }: Remembered,
  channelId: string,
): Promise<void> {
  await speech.post(channelId, (drawing) =>
    renderReply(reply, { ...drawing, shared: { by: userId, answeredAtMs } }),
  );
}

const SHARED_ALREADY = refuse(
  'shared_already',
  say`This answer stands in the channel already.`,
  say`For how things are now, ask again and share that.`,
);

const ASKED_AGAIN: Reply = {
  type: 'answer',
  tone: 'neutral',
  headline: say`Shared as it is now`,
  parts: [
    {
      type: 'paragraph',
      text: say`I no longer have the answer that you saw, so I asked again.`,
    },
  ],
  buttons: [],
  data: null,
};
