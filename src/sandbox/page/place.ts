import type { Channel, Person } from './api.ts';

export const HOME = 'home';

/** Where the reader is: who they act as, what they look at. It stands in the address, so that reloading keeps it. */
export type Place = {
  readonly as: string;
  /** A channel's id, or HOME. */
  readonly room: string;
  readonly threadTs?: string;
};

/** `#U0ANN/C0PAYROLL/1700000000.000100` */
export function readPlace(hash: string): Place {
  const [as = '', room = '', threadTs = ''] = hash.replace(/^#/, '').split('/').map(decoded);
  return { as, room, ...(threadTs === '' ? {} : { threadTs }) };
}

export function writePlace({ as, room, threadTs }: Place): string {
  return `#${[as, room, ...(threadTs === undefined ? [] : [threadTs])].map(encodeURIComponent).join('/')}`;
}

/** An address is typed by people too; a broken escape is simply no place. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** Slack's ids of direct messages begin with D; they have a person's name, not a channel's. */
const isDirect = (id: string): boolean => id.startsWith('D');

export function titleOf({ id, name }: Channel): string {
  return isDirect(id) ? name : `#${name}`;
}

/**
 * The room to be in among these. Whoever acts as another person stays in the same room; everybody has a conversation
 * with the bot, but each their own.
 */
export function roomFor(channels: readonly Channel[], room: string): string {
  if (room === HOME || channels.some(({ id }) => id === room)) return room;
  const alike = isDirect(room) ? channels.find(({ id }) => isDirect(id)) : undefined;
  return (alike ?? channels[0])?.id ?? HOME;
}

/** `@Ben` as a person types it, in the form in which it travels. */
export function withMentions(text: string, people: readonly Person[]): string {
  const longestFirst = people.toSorted((one, other) => other.name.length - one.name.length);
  return longestFirst.reduce(
    (changed, { id, name }) =>
      changed.replaceAll(`@${name}`, (found, at: number) =>
        name === '' || /[\p{L}\p{N}]/u.test(changed[at + found.length] ?? '') ? found : `<@${id}>`,
      ),
    text,
  );
}
