import { z } from 'zod';
import { typedText } from './typed.ts';

/** What of a delivery concerns us, whichever kind it is: who did something, where, and how to answer. */
export type Heard = {
  readonly userId: string;
  /** Undefined for what happens in a modal or on Home. */
  readonly channelId: string | undefined;
  readonly responseUrl: string | undefined;
  /** What stood behind a slash command. */
  readonly typed: string;
  /** The value of the button that was pressed. */
  readonly value: string;
};

/** What is missing, null or of another shape counts as not told: half a delivery is answered better than none. */
const word = z.string().optional().catch(undefined);
const withId = z.looseObject({ id: word }).optional().catch(undefined);

const delivery = z.looseObject({
  user_id: word,
  user: withId,
  channel_id: word,
  channel: withId,
  container: z.looseObject({ channel_id: word }).optional().catch(undefined),
  response_url: word,
  text: word,
  actions: z
    .array(z.looseObject({ value: word }))
    .optional()
    .catch(undefined),
});

/** Slash commands name people and channels flat, interactions as objects. */
export function heardIn(body: unknown): Heard {
  const told = delivery.parse(body);
  return {
    userId: told.user_id ?? told.user?.id ?? '',
    channelId: told.channel_id ?? told.channel?.id ?? told.container?.channel_id,
    responseUrl: told.response_url,
    typed: typedText(told.text ?? ''),
    value: told.actions?.[0]?.value ?? '',
  };
}
