import type { Answer } from '../core/reply/reply.ts';
import type { Chat } from '../ports/chat.ts';
import type { Log } from '../ports/host.ts';

type Desk = { readonly chat: Chat; readonly log: Log };

/**
 * Tells those who run the bot, in the first of their channels that takes it; whether they have it now. Where it is about a message that a
 * channel did not take, that channel takes no word of it either. The log has it already.
 */
export async function tellOperators(
  { chat, log }: Desk,
  channels: readonly string[],
  failed: string | undefined,
  message: Answer,
): Promise<boolean> {
  for (const channel of channels) {
    if (channel === failed) continue;
    try {
      await chat.post(channel, message);
      return true;
    } catch (err) {
      log.error({ err, channel }, 'nor could the operators be told');
    }
  }
  return false;
}
