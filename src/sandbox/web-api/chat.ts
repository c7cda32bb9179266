import { z } from 'zod';
import { nameParts } from '../elements.ts';
import { isFields } from '../fields.ts';
import { forApi } from '../posted.ts';
import { checkMessageBlocks } from '../validate/message.ts';
import type { Workspace } from '../workspace.ts';
import { directMessageOf, findChannel, findPerson, type WorldChannel } from '../world.ts';
import { method, Refused } from './method.ts';

const content = {
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  metadata: z.unknown().optional(),
};

const postMessage = method('chat.postMessage', {
  scopes: ['chat:write'],
  args: z.looseObject({ channel: z.string(), thread_ts: z.string().optional(), ...content }),
  answer: (args, workspace) => {
    const channel = placeToPost(workspace, args.channel);
    if (channel instanceof Refused) return channel;
    if (args.thread_ts !== undefined && !workspace.messages.find(channel.id, args.thread_ts)) {
      return new Refused('thread_not_found');
    }
    const said = contentOf(args);
    if (said instanceof Refused) return said;
    const from = workspace.world.bot.userId;
    const posted = workspace.messages.post({ channel: channel.id, from, threadTs: args.thread_ts, ...said });
    return { channel: channel.id, ts: posted.ts, message: forApi(workspace.world, posted) };
  },
});

const postEphemeral = method('chat.postEphemeral', {
  scopes: ['chat:write'],
  args: z.looseObject({
    channel: z.string(),
    user: z.string(),
    thread_ts: z.string().optional(),
    ...content,
  }),
  answer: (args, workspace) => {
    const channel = placeToPost(workspace, args.channel);
    if (channel instanceof Refused) return channel;
    if (!channel.members.includes(args.user)) return new Refused('user_not_in_channel');
    const said = contentOf(args);
    if (said instanceof Refused) return said;
    const posted = workspace.messages.post({
      channel: channel.id,
      from: workspace.world.bot.userId,
      threadTs: args.thread_ts,
      onlyFor: args.user,
      ...said,
    });
    return { message_ts: posted.ts };
  },
});

const update = method('chat.update', {
  scopes: ['chat:write'],
  args: z.looseObject({ channel: z.string(), ts: z.string(), ...content }),
  answer: (args, workspace) => {
    const found = ownMessage(workspace, args.channel, args.ts, 'cant_update_message');
    if (found instanceof Refused) return found;
    const said = contentOf(args);
    if (said instanceof Refused) return said;
    const edited = workspace.messages.edit(found, said);
    return {
      channel: edited.channel,
      ts: edited.ts,
      text: edited.text,
      message: forApi(workspace.world, edited),
    };
  },
});

const remove = method('chat.delete', {
  scopes: ['chat:write'],
  args: z.looseObject({ channel: z.string(), ts: z.string() }),
  answer: (args, workspace) => {
    const found = ownMessage(workspace, args.channel, args.ts, 'cant_delete_message');
    if (found instanceof Refused) return found;
    workspace.messages.remove(found);
    return { channel: found.channel, ts: found.ts };
  },
});

const getPermalink = method('chat.getPermalink', {
  args: z.looseObject({ channel: z.string(), message_ts: z.string() }),
  answer: ({ channel, message_ts }, { world, messages, origin }) => {
    if (findChannel(world, channel) === undefined) return new Refused('channel_not_found');
    const message = messages.find(channel, message_ts);
    if (message === undefined || message.onlyFor !== undefined) return new Refused('message_not_found');
    return { channel, permalink: `${origin}/#${channel}/${message_ts}` };
  },
});

export const CHAT_METHODS = [postMessage, postEphemeral, update, remove, getPermalink];

/** A channel the bot may write in. A person's id means the direct message with them. */
export function placeToPost({ world }: Workspace, id: string): WorldChannel | Refused {
  const person = findPerson(world, id);
  const channel = person === undefined ? findChannel(world, id) : directMessageOf(world, person);
  if (channel === undefined) return new Refused('channel_not_found');
  return channel.hasBot ? channel : new Refused('not_in_channel');
}

function ownMessage({ world, messages }: Workspace, channelId: string, ts: string, notOwn: string) {
  if (findChannel(world, channelId) === undefined) return new Refused('channel_not_found');
  const message = messages.find(channelId, ts);
  // Slack has no copy of an ephemeral message that could be edited or deleted.
  if (message === undefined || message.onlyFor !== undefined) return new Refused('message_not_found');
  return message.from === world.bot.userId ? message : new Refused(notOwn);
}

type Content = {
  readonly text?: string | undefined;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly metadata?: unknown;
};

function contentOf({ text = '', blocks: given, attachments, metadata }: Content) {
  const checked = checkMessageBlocks(given);
  if (!checked.ok) return new Refused(checked.refusal.error, checked.refusal.messages);
  const hasAttachments = Array.isArray(attachments) && attachments.length > 0;
  if (text === '' && checked.blocks.length === 0 && !hasAttachments) return new Refused('no_text');
  if (metadata === undefined) return { text, blocks: nameParts(checked.blocks) };
  const isWhole = isFields(metadata) && typeof metadata['event_type'] === 'string';
  if (!isWhole || !isFields(metadata['event_payload'])) return new Refused('invalid_metadata_format');
  return { text, blocks: nameParts(checked.blocks), metadata };
}
