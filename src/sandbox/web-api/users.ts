import { z } from 'zod';
import type { Fields } from '../fields.ts';
import { findPerson, teamOf, type World, type WorldPerson } from '../world.ts';
import { method, Refused } from './method.ts';

const info = method('users.info', {
  scopes: ['users:read'],
  args: z.looseObject({ user: z.string() }),
  answer: ({ user }, { world }) => {
    if (user === world.bot.userId) return { user: describe(world, botAsPerson(world)) };
    const person = findPerson(world, user);
    return person === undefined ? new Refused('user_not_found') : { user: describe(world, person) };
  },
});

const groupMembers = method('usergroups.users.list', {
  scopes: ['usergroups:read'],
  args: z.looseObject({ usergroup: z.string() }),
  answer: ({ usergroup }, { world }) => {
    const users = Object.hasOwn(world.groups, usergroup) ? world.groups[usergroup] : undefined;
    return users === undefined ? new Refused('no_such_subteam') : { users };
  },
});

export const USER_METHODS = [info, groupMembers];

function botAsPerson({ bot, team }: World): WorldPerson {
  return { id: bot.userId, name: bot.name, title: '', note: '', teamId: team.id, isBot: true };
}

/** Every flag by which the bot decides who may act (reference/slack.md, section 7). */
function describe(world: World, person: WorldPerson): Fields {
  const name = person.name.toLowerCase();
  return {
    id: person.id,
    team_id: teamOf(world, person).id,
    name,
    real_name: person.name,
    tz: 'America/Denver',
    tz_label: 'Mountain Standard Time',
    tz_offset: -25_200,
    deleted: person.isDeleted ?? false,
    is_admin: person.isAdmin ?? false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: person.isRestricted ?? false,
    is_ultra_restricted: person.isUltraRestricted ?? false,
    is_stranger: person.isStranger ?? false,
    is_bot: person.isBot ?? false,
    is_workflow_bot: false,
    is_connector_bot: false,
    is_app_user: false,
    ...(person.enterpriseUserId === undefined
      ? {}
      : { enterprise_user: { id: person.enterpriseUserId, enterprise_id: world.enterpriseId ?? '' } }),
    profile: {
      real_name: person.name,
      display_name: person.name,
      title: person.title,
      team: teamOf(world, person).id,
    },
  };
}
