import { z } from 'zod';
import type { ChannelFound, MemberFound, SlackFacts } from '../core/doctor/slack.ts';
import type { Clock } from '../ports/host.ts';
import { type Called, patientCalls } from './patient-calls.ts';

export type SlackQuestions = {
  readonly apiUrl: string;
  readonly botToken: string;
  /** Undefined in HTTP mode. */
  readonly appToken: string | undefined;
  readonly channels: readonly Omit<ChannelFound, 'found'>[];
  readonly members: readonly Omit<MemberFound, 'found'>[];
};

/** Looks whether Slack lets the bot do what the settings want; posts nothing. Waits when Slack says so, up to two minutes. Never throws. */
export async function examineSlack(questions: SlackQuestions, clock: Clock): Promise<SlackFacts> {
  const { apiUrl, botToken, appToken } = questions;
  const patient = patientCalls(apiUrl, clock);
  const call = (method: string, args: Record<string, string> = {}, token = botToken) =>
    patient(method, args, token);
  const self = await call('auth.test');
  const ofApp = appToken === undefined ? undefined : await call('apps.connections.open', {}, appToken);
  const facts = {
    appToken: ofApp === undefined ? undefined : { error: ofApp.error },
    clockAheadMs: self.clockAheadMs,
    channels: [],
    members: [],
  };
  if (self.error !== undefined) return { ...facts, bot: { type: 'out', error: self.error } };
  const { team, user } = identity.parse(self.body);
  return {
    ...facts,
    bot: { type: 'in', team, user, scopes: self.scopes },
    channels: await eachOnce(questions.channels, async (id) =>
      channelIn(await call('conversations.info', { channel: id })),
    ),
    members: await eachOnce(questions.members, async (id) =>
      id.startsWith('S')
        ? groupIn(await call('usergroups.users.list', { usergroup: id }))
        : personIn(id, await call('users.info', { user: id })),
    ),
  };
}

/** In place of Slack's own word. */
const UNREADABLE = 'unreadable';

const identity = z.looseObject({
  team: z.string().catch('your workspace'),
  user: z.string().catch('the bot'),
});
const flag = z.boolean().nullish();
const channelAnswer = z.looseObject({
  channel: z.looseObject({
    name: z.string().catch('?'),
    is_member: flag,
    is_archived: flag,
    is_ext_shared: flag,
    is_pending_ext_shared: flag,
  }),
});
const groupAnswer = z.looseObject({ users: z.array(z.string()) });
const personAnswer = z.looseObject({
  user: z.looseObject({ deleted: flag, is_bot: flag, is_restricted: flag, is_ultra_restricted: flag }),
});

function channelIn({ body, error }: Called): ChannelFound['found'] {
  const read = channelAnswer.safeParse(body);
  if (error !== undefined || !read.success) return { error: error ?? UNREADABLE };
  const { channel } = read.data;
  return {
    name: channel.name,
    isMember: channel.is_member === true,
    isArchived: channel.is_archived === true,
    isExternal: channel.is_ext_shared === true || channel.is_pending_ext_shared === true,
  };
}

function groupIn({ body, error }: Called): MemberFound['found'] {
  const read = groupAnswer.safeParse(body);
  return error !== undefined || !read.success ? { error: error ?? UNREADABLE } : { people: read.data.users };
}

function personIn(id: string, { body, error }: Called): MemberFound['found'] {
  const read = personAnswer.safeParse(body);
  if (error !== undefined || !read.success) return { error: error ?? UNREADABLE };
  const { user } = read.data;
  const mayAct = !(user.deleted || user.is_bot || user.is_restricted || user.is_ultra_restricted);
  return { people: mayAct ? [id] : [] };
}

/** Each id once, whatever names it, and one after another: Slack counts calls by the minute. */
async function eachOnce<T extends { readonly id: string }, R extends object>(
  things: readonly T[],
  look: (id: string) => Promise<R>,
): Promise<readonly (T & { readonly found: R })[]> {
  const byId = new Map<string, R>();
  const found: (T & { readonly found: R })[] = [];
  for (const thing of things) {
    const ofIt = byId.get(thing.id) ?? (await look(thing.id));
    byId.set(thing.id, ofIt);
    found.push({ ...thing, found: ofIt });
  }
  return found;
}
