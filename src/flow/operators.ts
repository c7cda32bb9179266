import type { Answer } from '../core/reply/reply.ts';
import type { Chat } from '../ports/chat.ts';
import type { Log } from '../ports/host.ts';

type Desk = { readonly chat: Chat; readonly log: Log };

/**
 * Tells those who run the bot of a message that did not reach its channel, in the first of their channels that takes it; whether
 * they have it now. The channel that did not take the message takes no word of it either, and the log has it already.
 */
export async function tellOperators(
  { chat, log }: Desk,
  channels: readonly string[],
  failed: string,
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
