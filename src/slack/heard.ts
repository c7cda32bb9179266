import { z } from 'zod';
import type { MessageRef } from '../ports/chat.ts';
import type { RequestKind } from '../ports/meter.ts';
import { typedText } from './typed.ts';

/** What of a delivery concerns us, whichever kind it is: who did something, where, and how to answer. */
export type Heard = {
  readonly kind: RequestKind;
  readonly userId: string;
  /** Undefined for what happens in a modal or on Home. */
  readonly channelId: string | undefined;
  readonly isHome: boolean;
  readonly responseUrl: string | undefined;
  /** What stood behind a slash command. */
  readonly typed: string;
  /** The value of the button that was pressed. */
  readonly value: string;
  readonly actionId: string;
  /** The lasting message that it stands in; undefined on Home, in a modal, and in what one person alone sees. */
  readonly message: MessageRef | undefined;
  /** The right to open one window within three seconds. */
  readonly triggerId: string | undefined;
};

/** What is missing, null or of another shape counts as not told: half a delivery is answered better than none. */
const word = z.string().optional().catch(undefined);
const withId = z.looseObject({ id: word }).optional().catch(undefined);

const delivery = z.looseObject({
  type: word,
  command: word,
  user_id: word,
  user: withId,
  channel_id: word,
  channel: withId,
  container: z
    .looseObject({
      channel_id: word,
      message_ts: word,
      is_ephemeral: z.boolean().optional(),
    })
    .optional()
    .catch(undefined),
  view: z.looseObject({ type: word }).optional().catch(undefined),
  trigger_id: word,
  response_url: word,
  text: word,
  actions: z
    .array(z.looseObject({ value: word, action_id: word }))
    .optional()
    .catch(undefined),
});

/** Slash commands name people and channels flat, interactions as objects. */
export function heardIn(body: unknown): Heard {
  const told = delivery.parse(body);
  const { container } = told;
  const channelId = told.channel_id ?? told.channel?.id ?? container?.channel_id;
  const messageTs = container?.is_ephemeral === true ? undefined : container?.message_ts;
  return {
    kind: kindOf(told),
    userId: told.user_id ?? told.user?.id ?? '',
    channelId,
    isHome: channelId === undefined && told.view?.type === 'home',
    responseUrl: told.response_url,
    typed: typedText(told.text ?? ''),
    value: told.actions?.[0]?.value ?? '',
    actionId: told.actions?.[0]?.action_id ?? '',
    message:
      channelId === undefined || messageTs === undefined ? undefined : { channel: channelId, id: messageTs },
    triggerId: told.trigger_id,
  };
}

function kindOf({
  type,
  command,
}: {
  readonly type?: string | undefined;
  readonly command?: string | undefined;
}): RequestKind {
  if (command !== undefined) return 'command';
  return type === 'view_submission' ? 'form' : 'press';
}
