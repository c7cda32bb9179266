import { ChatFailed } from '../ports/chat.ts';

/** Deleted, too old, no longer ours to edit, or in a channel where nothing more can, or may, be said. */
const FOR_GOOD: ReadonlySet<string> = new Set([
  'message_not_found',
  'thread_not_found',
  'cant_update_message',
  'edit_window_closed',
  'channel_not_found',
  'is_archived',
  'external_channel',
]);

/** Whether nothing more can be shown in that message, however often it is tried. */
export function isGone(error: unknown): error is ChatFailed {
  return error instanceof ChatFailed && FOR_GOOD.has(error.code);
}
