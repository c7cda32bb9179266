import type { Person } from '../src/core/people.ts';
import type { Directory } from '../src/ports/chat.ts';

/** Somebody of the workspace, neither guest nor bot nor from elsewhere. */
export function aMember(id: string, name: string): Person {
  return {
    id,
    enterpriseUserId: null,
    name,
    isBot: false,
    isGuest: false,
    isOutsider: false,
    isDeactivated: false,
  };
}

/** Slack knows nobody and nothing. */
export const NO_DIRECTORY: Directory = {
  person: async () => undefined,
  personNow: async () => undefined,
  membersNow: async () => undefined,
  mayRead: async () => false,
  channel: async () => undefined,
};
