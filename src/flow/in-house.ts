import { type Chat, ChatFailed, type Directory } from '../ports/chat.ts';

/** Why nothing is said there: others read along in a shared channel; where nobody knows, nothing is said. */
export async function placeRefusal(
  channel: string,
  directory: Pick<Directory, 'channel' | 'channelTrouble'>,
): Promise<ChatFailed | undefined> {
  const facts = await directory.channel(channel);
  if (facts === undefined)
    // What may pass is told as such: nobody should look for a channel while Slack is slow.
    return (
      directory.channelTrouble?.(channel) ??
      new ChatFailed('channel_unknown', 'I can’t see that channel. Invite me with /invite.', undefined)
    );
  if (!facts.isExternal) return undefined;
  return new ChatFailed(
    'external_channel',
    'That channel is shared with another organisation. Name another.',
    undefined,
  );
}

/** The same chat, that says nothing to other companies. A channel may become shared at any time, so each message asks. */
export function inHouse(chat: Chat, directory: Pick<Directory, 'channel' | 'channelTrouble'>): Chat {
  const hold = async (channel: string): Promise<void> => {
    const refusal = await placeRefusal(channel, directory);
    if (refusal !== undefined) throw refusal;
  };
  return {
    post: async (channel, message, thread) => {
      await hold(channel);
      return chat.post(channel, message, thread);
    },
    update: async (message, content) => {
      await hold(message.channel);
      await chat.update(message, content);
    },
  };
}
