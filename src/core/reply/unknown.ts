import { type Refusal, refuse } from './reply.ts';
import { code, say } from './text.ts';

/** For a button or a form that nobody knows: it stands in a message of another version. */
export const UNKNOWN_ELEMENT: Refusal = refuse(
  'unknown_element',
  say`I don’t know what that is any more: it comes from another version of me.`,
  say`Nothing was done. Start again with ${code('/sidekiq help')}.`,
);
