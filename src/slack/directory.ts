import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { ChannelFacts, Person } from '../core/people.ts';
import type { ChatFailed, Directory } from '../ports/chat.ts';
import type { Clock, Log } from '../ports/host.ts';
import { chatFailed } from './chat-failures.ts';
import { patiently, slackErrorCode } from './web-clients.ts';

/** Whose people are ours: the bot's own workspace and, on Enterprise Grid, its organisation. */
export type Home = { readonly teamId: string; readonly enterpriseId: string | undefined };

/** Long enough for a handful of presses, short enough for somebody who has just been made a guest. */
const FRESH_MS = 60_000;
const KEPT_MAX = 2000;

const flag = z.boolean().nullish();
const word = z.string().nullish();

/** Flags of users.info; one that is left out or null is not set. The team is never left out: without it nobody is let in. */
const userAnswer = z.looseObject({
  user: z.looseObject({
    id: z.string(),
    team_id: z.string(),
    name: word,
    real_name: word,
    deleted: flag,
    is_bot: flag,
    is_workflow_bot: flag,
    is_connector_bot: flag,
    is_restricted: flag,
    is_ultra_restricted: flag,
    is_stranger: flag,
    enterprise_user: z.looseObject({ id: word, enterprise_id: word }).nullish(),
  }),
});

const channelAnswer = z.looseObject({
  channel: z.looseObject({
    id: z.string(),
    name: word,
    is_im: flag,
    is_private: flag,
    is_shared: flag,
    is_org_shared: flag,
    is_ext_shared: flag,
    is_pending_ext_shared: flag,
  }),
});

const readersAnswer = z.looseObject({
  members: z.array(z.string()),
  response_metadata: z.looseObject({ next_cursor: word }).nullish(),
});
const READERS_PAGE = 200;
/** A private channel with more people than this counts as one whose readers can't be told. */
const READERS_PAGES = 20;

const membersAnswer = z.looseObject({ users: z.array(z.string()) });

/** People, channels and groups as Slack knows them, people and channels asked for at most once a minute where that will do. */
export function openDirectory(client: webApi.WebClient, home: Home, clock: Clock, log: Log): Directory {
  const readPerson = async (id: string): Promise<Person> =>
    personOf(userAnswer.parse(await patiently(clock, () => client.users.info({ user: id }))), home);
  const readChannel = async (id: string): Promise<Channel> => {
    const { channel } = channelAnswer.parse(
      await patiently(clock, () => client.conversations.info({ channel: id })),
    );
    return { facts: channelOf(channel), isPrivate: channel.is_private === true };
  };
  const readReaders = async (id: string): Promise<ReadonlySet<string>> => {
    const readers = new Set<string>();
    let cursor = '';
    for (let page = 0; page < READERS_PAGES; page += 1) {
      const answer = readersAnswer.parse(
        await patiently(clock, () =>
          client.conversations.members({
            channel: id,
            limit: READERS_PAGE,
            ...(cursor === '' ? {} : { cursor }),
          }),
        ),
      );
      for (const member of answer.members) readers.add(member);
      cursor = answer.response_metadata?.next_cursor ?? '';
      if (cursor === '') break;
    }
    return readers;
  };
  const readMembers = async (id: string): Promise<readonly string[]> => {
    try {
      const answer = await patiently(clock, () => client.usergroups.users.list({ usergroup: id }));
      return membersAnswer.parse(answer).users;
    } catch (error) {
      if (slackErrorCode(error) !== 'no_such_subteam') throw error;
      log.warn({ group: id }, 'the settings name a user group that Slack does not know');
      return [];
    }
  };
  const people = asking(readPerson, clock, log);
  const channels = asking(readChannel, clock, log);
  const members = asking(readMembers, clock, log);
  const readers = asking(readReaders, clock, log);
  return {
    person: people.recently,
    personNow: people.now,
    membersNow: members.now,
    // The bot can't look into a conversation between two, and need not: nobody else reads there.
    channel: (id) =>
      id.startsWith('D')
        ? Promise.resolve({ id, name: 'a direct message', isExternal: false, isDirect: true })
        : channels.recently(id).then((channel) => channel?.facts),
    channelTrouble: channels.troubleOf,
    mayRead: async (personId, channelId) => {
      const channel = await channels.recently(channelId);
      if (channel === undefined) return false;
      return !channel.isPrivate || (await readers.recently(channelId))?.has(personId) === true;
    },
  };
}

function personOf({ user }: z.infer<typeof userAnswer>, home: Home): Person {
  const isOfOrganisation =
    home.enterpriseId !== undefined && user.enterprise_user?.enterprise_id === home.enterpriseId;
  return {
    id: user.id,
    enterpriseUserId: user.enterprise_user?.id ?? null,
    name: user.real_name ?? user.name ?? user.id,
    isBot: user.is_bot === true || user.is_workflow_bot === true || user.is_connector_bot === true,
    isGuest: user.is_restricted === true || user.is_ultra_restricted === true,
    // `is_stranger` alone is not enough: it is false for an outsider who shares a channel.
    isOutsider: user.is_stranger === true || (user.team_id !== home.teamId && !isOfOrganisation),
    isDeactivated: user.deleted === true,
  };
}

type Channel = { readonly facts: ChannelFacts; readonly isPrivate: boolean };

function channelOf(channel: z.infer<typeof channelAnswer>['channel']): ChannelFacts {
  return {
    id: channel.id,
    name: channel.name ?? channel.id,
    isExternal:
      channel.is_ext_shared === true ||
      channel.is_pending_ext_shared === true ||
      (channel.is_shared === true && channel.is_org_shared !== true),
    isDirect: channel.is_im === true,
  };
}

type Answered<T> = { readonly atMs: number; readonly answer: Promise<T | undefined>; isUnderWay: boolean };

/** Failures are told as undefined and not remembered. Those who ask for the same at once share one call. */
function asking<T>(read: (id: string) => Promise<T>, clock: Clock, log: Log) {
  const troubles = new Map<string, ChatFailed>();
  const kept = new Map<string, Answered<T>>();
  const ask = (id: string): Promise<T | undefined> => {
    const asked: Answered<T> = {
      atMs: clock.steadyMs(),
      isUnderWay: true,
      answer: read(id)
        .then((told) => {
          troubles.delete(id);
          return told;
        })
        .catch((error: unknown) => {
          if (kept.get(id) === asked) kept.delete(id);
          log.warn({ err: error, id }, 'Slack did not say who or where this is');
          troubles.set(id, chatFailed(error, { mayRepeat: true }));
          return undefined;
        })
        .finally(() => {
          asked.isUnderWay = false;
        }),
    };
    kept.delete(id);
    kept.set(id, asked);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    return asked.answer;
  };
  return {
    recently: (id: string) => {
      const known = kept.get(id);
      const isFresh = known !== undefined && clock.steadyMs() - known.atMs < FRESH_MS;
      return isFresh ? known.answer : ask(id);
    },
    now: (id: string) => {
      const known = kept.get(id);
      return known?.isUnderWay === true ? known.answer : ask(id);
    },
    /** Why the last answer was none. */
    troubleOf: (id: string) => troubles.get(id),
  };
}
