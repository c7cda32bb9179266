import type { Fields } from './fields.ts';
import type { Message } from './page/api.ts';
import { findChannel, type World } from './world.ts';

/** A message as the sandbox keeps it. */
export type Posted = Omit<Message, 'isEphemeral'> & {
  /** The only person who sees it, if it is ephemeral. */
  readonly onlyFor?: string;
  readonly metadata?: Fields;
};

/** A member of the channel sees it, unless it is somebody else's ephemeral message. */
export function isSeenBy(world: World, person: string, message: Posted): boolean {
  if (message.onlyFor !== undefined && message.onlyFor !== person) return false;
  return findChannel(world, message.channel)?.members.includes(person) ?? false;
}

/** The message as the page is told of it. */
export function forPage({ onlyFor, metadata: _kept, ...message }: Posted): Message {
  return { ...message, isEphemeral: onlyFor !== undefined };
}

/** The message as the Web API and the payloads show it. */
export function forApi(world: World, message: Posted): Fields {
  const isFromBot = message.from === world.bot.userId;
  return {
    type: 'message',
    user: message.from,
    ts: message.ts,
    text: message.text,
    team: world.team.id,
    ...(isFromBot ? { bot_id: world.bot.botId, app_id: world.bot.appId } : {}),
    ...(message.blocks.length === 0 ? {} : { blocks: message.blocks }),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(message.metadata === undefined ? {} : { metadata: message.metadata }),
    ...(message.isEdited ? { edited: { user: message.from, ts: message.ts } } : {}),
  };
}
