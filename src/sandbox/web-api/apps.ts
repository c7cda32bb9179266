import { z } from 'zod';
import { method } from './method.ts';

const authTest = method('auth.test', {
  args: z.looseObject({}),
  answer: (_args, { world }) => ({
    url: `https://${world.team.domain}.slack.com/`,
    team: world.team.name,
    user: world.bot.name.toLowerCase().replaceAll(' ', '_'),
    team_id: world.team.id,
    user_id: world.bot.userId,
    bot_id: world.bot.botId,
    ...(world.enterpriseId === undefined ? {} : { enterprise_id: world.enterpriseId }),
    is_enterprise_install: false,
  }),
});

const openConnection = method('apps.connections.open', {
  token: 'app',
  args: z.looseObject({}),
  answer: (_args, { origin, sockets }) => ({
    url: `${origin.replace('http:', 'ws:')}/link/?ticket=${sockets.issueTicket()}&app_id=sandbox`,
  }),
});

export const APP_METHODS = [authTest, openConnection];
