import { z } from 'zod';
import type { Fields } from '../fields.ts';
import type { Workspace } from '../workspace.ts';
import { allChannels, directMessageOf, findChannel, findPerson, type WorldChannel } from '../world.ts';
import { method, Refused } from './method.ts';

const READ = ['channels:read', 'groups:read', 'im:read'];
const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;

const page = {
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).optional(),
};

const info = method('conversations.info', {
  scopes: READ,
  args: z.looseObject({ channel: z.string(), include_num_members: z.coerce.string().optional() }),
  answer: (args, { world }) => {
    const channel = findChannel(world, args.channel);
    if (channel === undefined) return new Refused('channel_not_found');
    const counted =
      args.include_num_members === 'true' ? { num_members: membersOf(world, channel).length } : {};
    return { channel: { ...describe(world, channel), ...counted } };
  },
});

const KINDS: Readonly<Record<string, WorldChannel['kind']>> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'im',
};

const list = method('conversations.list', {
  scopes: READ,
  args: z.looseObject({ types: z.string().optional(), ...page }),
  answer: ({ types = 'public_channel', cursor, limit }, { world }) => {
    const kinds = types.split(',').map((type) => KINDS[type.trim()]);
    const wanted = allChannels(world).filter(({ kind, hasBot }) => {
      // A private channel exists only for its members.
      return kinds.includes(kind) && (kind !== 'private' || hasBot);
    });
    const { part, next } = cutPage(wanted, cursor, limit);
    return {
      channels: part.map((channel) => describe(world, channel)),
      response_metadata: { next_cursor: next },
    };
  },
});

const members = method('conversations.members', {
  scopes: READ,
  args: z.looseObject({ channel: z.string(), ...page }),
  answer: ({ channel: id, cursor, limit }, { world }) => {
    const channel = findChannel(world, id);
    if (channel === undefined) return new Refused('channel_not_found');
    const { part, next } = cutPage(membersOf(world, channel), cursor, limit);
    return { members: part, response_metadata: { next_cursor: next } };
  },
});

const open = method('conversations.open', {
  scopes: ['im:write', 'chat:write'],
  args: z.looseObject({ users: z.string() }),
  answer: ({ users }, { world }) => {
    const person = findPerson(world, users);
    return person === undefined
      ? new Refused('user_not_found')
      : { channel: { id: directMessageOf(world, person).id } };
  },
});

export const CONVERSATION_METHODS = [info, list, members, open];

type World = Workspace['world'];

function membersOf(world: World, channel: WorldChannel): readonly string[] {
  return channel.hasBot ? [...channel.members, world.bot.userId] : channel.members;
}

/** The flags by which the bot tells an external channel (reference/slack.md, section 7). */
function describe(world: World, channel: WorldChannel): Fields {
  if (channel.kind === 'im') {
    return { id: channel.id, is_im: true, is_channel: false, user: channel.members[0], is_org_shared: false };
  }
  const isPrivate = channel.kind === 'private';
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !isPrivate,
    is_group: isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: isPrivate,
    is_archived: false,
    is_general: false,
    is_member: channel.hasBot,
    is_shared: channel.isExternal,
    is_org_shared: false,
    is_ext_shared: channel.isExternal,
    is_pending_ext_shared: false,
    context_team_id: world.team.id,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

/** A cursor is the place to go on from, made opaque as Slack's are. */
function cutPage<Item>(items: readonly Item[], cursor = '', limit = PAGE_DEFAULT) {
  const from =
    cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64url').toString().replace('next:', '')) || 0;
  const end = from + limit;
  const next = end < items.length ? Buffer.from(`next:${end}`).toString('base64url') : '';
  return { part: items.slice(from, end), next };
}
