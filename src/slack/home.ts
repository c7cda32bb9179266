import { randomBytes } from 'node:crypto';
import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Home } from '../core/home/home.ts';
import type { Person } from '../core/people.ts';
import type { Refusal } from '../core/reply/reply.ts';
import { logged } from '../ports/log-context.ts';
import { ACTION_IDS } from './action-ids.ts';
import { type Conversation, inTime } from './conversation.ts';
import { causeOf, failureReply } from './failures.ts';
import { answering } from './listen.ts';
import type { OpenSlack } from './open.ts';
import { renderHome } from './render/home.ts';
import { patiently } from './web-clients.ts';

/** What Home shows to this person; whether they may see anything is part of it. */
export type DrawHome = (person: Person | undefined) => Promise<Home | Refusal>;

const opened = z.looseObject({ user: z.string(), tab: z.string().optional() });

/** The Home tab is drawn anew each time it is opened, and when its Refresh is pressed. */
export function keepHome(
  app: App,
  conversation: Conversation,
  { clients, hurriedClock }: Pick<OpenSlack, 'clients' | 'hurriedClock'>,
  draw: DrawHome,
): void {
  const { directory, log, clock, meter } = conversation;
  const show = (user: string, home: Home | Refusal) => {
    const view = { type: 'home' as const, blocks: [...renderHome(home)] };
    return patiently(hurriedClock, () => clients.replies.views.publish({ user_id: user, view }));
  };
  const publish = async (user: string): Promise<void> => {
    await show(user, await inTime(clock, draw(await directory.person(user))));
  };
  app.event('app_home_opened', async ({ event }) => {
    const { user, tab } = opened.parse(event);
    if (tab === 'messages') return;
    const reference = randomBytes(3).toString('hex');
    await logged({ reference, user }, async () => {
      try {
        await publish(user);
      } catch (error) {
        log.error({ err: error, reference, user }, 'the Home tab could not be drawn');
        meter?.requestFailed('home', causeOf(error));
        await show(user, failureReply(error, reference)).catch(() => meter?.requestUnanswered('home'));
      }
    });
  });
  app.action(
    ACTION_IDS.refreshHome,
    answering(conversation, ({ userId }) => publish(userId)),
  );
}
