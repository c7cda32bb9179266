import type { App } from '@slack/bolt';
import type { OnAct } from '../ports/chat.ts';
import { ACT_ACTION_ID } from './action-ids.ts';
import { type Conversation, inTime, whoAndWhere } from './conversation.ts';
import type { Heard } from './heard.ts';
import { answering } from './listen.ts';
import { renderReply } from './render/reply.ts';
import { showForm } from './show-form.ts';

/** Buttons that do more than ask: what is to be said comes back to whoever pressed, alone. */
export function keepActs(app: App, conversation: Conversation, onAct: OnAct): void {
  app.action(
    ACT_ACTION_ID,
    answering(conversation, (heard) => act(conversation, heard, onAct)),
  );
}

async function act(conversation: Conversation, heard: Heard, onAct: OnAct): Promise<void> {
  const { actionId, value, message } = heard;
  const name = ACT_ACTION_ID.exec(actionId)?.[1] ?? '';
  const { asker: actor, channel } = await whoAndWhere(conversation, heard);
  const outcome = await inTime(conversation.clock, onAct({ act: name, value, actor, channel, message }));
  if (outcome === undefined) return;
  if (outcome.type === 'form') return showForm(conversation.speech, heard, outcome);
  await conversation.speech.tell(heard, (drawing) => renderReply(outcome, drawing));
}
