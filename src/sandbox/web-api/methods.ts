import { APP_METHODS } from './apps.ts';
import { CHAT_METHODS } from './chat.ts';
import { CONVERSATION_METHODS } from './conversations.ts';
import { FILE_METHODS } from './files.ts';
import type { Method } from './method.ts';
import { USER_METHODS } from './users.ts';
import { VIEW_METHODS } from './views.ts';

/** Every method that the sandbox answers (reference/slack.md, section 15). */
export const METHODS: readonly Method[] = [
  ...APP_METHODS,
  ...CHAT_METHODS,
  ...VIEW_METHODS,
  ...USER_METHODS,
  ...CONVERSATION_METHODS,
  ...FILE_METHODS,
];
