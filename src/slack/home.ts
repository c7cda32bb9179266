import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Conversation } from './conversation.ts';
import { renderReply } from './render/reply.ts';
import type { WebClients } from './web-clients.ts';

const opened = z.looseObject({ user: z.string(), tab: z.string().optional() });

/** The Home tab says what can be asked, as `help` does. It has no channel, so its words have no buttons. */
export function keepHome(app: App, { answer, directory, log }: Conversation, clients: WebClients): void {
  app.event('app_home_opened', async ({ event }) => {
    const { user, tab } = opened.parse(event);
    if (tab === 'messages') return;
    try {
      const asker = await directory.person(user);
      const channel = { id: '', name: 'Home', isExternal: false, isDirect: true };
      const reply = await answer({ text: 'help', asker, channel });
      if (reply.type === 'form') return;
      const { blocks } = renderReply({ ...reply, buttons: [] }, { hasCharts: false });
      await clients.replies.views.publish({ user_id: user, view: { type: 'home', blocks: [...blocks] } });
    } catch (error) {
      log.error({ err: error, user }, 'the Home tab could not be drawn');
    }
  });
}
