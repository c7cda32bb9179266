import { z } from 'zod';
import type { ChannelFound, MemberFound, SlackFacts } from '../core/doctor/slack.ts';
import { CALL_TIMEOUT_MS } from './web-clients.ts';

export type SlackQuestions = {
  readonly apiUrl: string;
  readonly botToken: string;
  /** Undefined in HTTP mode. */
  readonly appToken: string | undefined;
  readonly channels: readonly Omit<ChannelFound, 'found'>[];
  readonly members: readonly Omit<MemberFound, 'found'>[];
};

/** Looks whether Slack lets the bot do what the settings want; posts nothing. Never throws. */
export async function examineSlack(questions: SlackQuestions): Promise<SlackFacts> {
  const { apiUrl, botToken, appToken } = questions;
  const call = (method: string, args: Record<string, string> = {}, token = botToken) =>
    callSlack(apiUrl, method, args, token);
  const self = await call('auth.test');
  const ofApp = appToken === undefined ? undefined : await call('apps.connections.open', {}, appToken);
  const facts = {
    appToken: ofApp === undefined ? undefined : { error: ofApp.error },
    clockAheadMs: self.clockAheadMs,
    channels: [],
    members: [],
  };
  if (self.error === UNREACHABLE) return { ...facts, bot: { type: 'unreachable' } };
  if (self.error !== undefined) return { ...facts, bot: { type: 'refused', error: self.error } };
  const { team, user } = identity.parse(self.body);
  return {
    ...facts,
    bot: { type: 'in', team, user, scopes: self.scopes },
    channels: await inTurn(questions.channels, async (one) => ({
      ...one,
      found: channelIn(await call('conversations.info', { channel: one.id })),
    })),
    members: await inTurn(questions.members, async (one) => ({
      ...one,
      found: one.id.startsWith('S')
        ? groupIn(await call('usergroups.users.list', { usergroup: one.id }))
        : personIn(one.id, await call('users.info', { user: one.id })),
    })),
  };
}

const UNREACHABLE = 'unreachable';

type Called = {
  readonly body: unknown;
  readonly error: string | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly clockAheadMs: number | undefined;
};

const outcome = z.looseObject({ ok: z.boolean(), error: z.string().optional() });
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

/** Not by the client of Slack's library: that hides the headers, which tell the scopes and the time. */
async function callSlack(
  apiUrl: string,
  method: string,
  args: Record<string, string>,
  token: string,
): Promise<Called> {
  const askedAtMs = Date.now();
  try {
    const response = await fetch(`${apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams(args),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    const answeredAtMs = Date.now();
    const dateMs = Date.parse(response.headers.get('date') ?? '');
    const scopes = response.headers
      .get('x-oauth-scopes')
      ?.split(',')
      .map((scope) => scope.trim());
    const body: unknown = await response.json();
    const { ok, error } = outcome.parse(body);
    return {
      body,
      error: ok ? undefined : (error ?? 'no reason'),
      scopes,
      clockAheadMs: Number.isNaN(dateMs) ? undefined : dateMs - (askedAtMs + answeredAtMs) / 2,
    };
  } catch {
    return { body: undefined, error: UNREACHABLE, scopes: undefined, clockAheadMs: undefined };
  }
}

function channelIn({ body, error }: Called): ChannelFound['found'] {
  const read = channelAnswer.safeParse(body);
  if (error !== undefined || !read.success) return { error: error ?? 'an answer that can’t be read' };
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
  return error !== undefined || !read.success
    ? { error: error ?? 'an answer that can’t be read' }
    : { people: read.data.users };
}

function personIn(id: string, { body, error }: Called): MemberFound['found'] {
  const read = personAnswer.safeParse(body);
  if (error !== undefined || !read.success) return { error: error ?? 'an answer that can’t be read' };
  const { user } = read.data;
  const mayAct = !(user.deleted || user.is_bot || user.is_restricted || user.is_ultra_restricted);
  return { people: mayAct ? [id] : [] };
}

/** One after another: Slack counts calls by the minute. */
async function inTurn<T, R>(things: readonly T[], look: (thing: T) => Promise<R>): Promise<readonly R[]> {
  const found: R[] = [];
  for (const thing of things) found.push(await look(thing));
  return found;
}
