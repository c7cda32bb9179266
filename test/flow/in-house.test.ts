import { expect, test } from 'vitest';
import { inHouse } from '../../src/flow/in-house.ts';
import { type Chat, ChatFailed } from '../../src/ports/chat.ts';

const SLOW = new ChatFailed('rate_limited', 'Slack takes nothing more there for the next 30 s.', undefined);
const OURS = { id: 'C1', name: 'payroll', isExternal: false, isDirect: false };

test.each<[string, Parameters<typeof inHouse>[1], string | undefined]>([
  ['is ours', { channel: async () => OURS }, undefined],
  ['is shared', { channel: async () => ({ ...OURS, isExternal: true }) }, 'external_channel'],
  ['is unknown', { channel: async () => undefined }, 'channel_unknown'],
  [
    'can’t be asked about just now',
    { channel: async () => undefined, channelTrouble: () => SLOW },
    'rate_limited',
  ],
])('what the bot says by itself to a channel that %s', async (_, directory, code) => {
  const said: string[] = [];
  const chat: Chat = {
    post: async (id) => {
      said.push(`post ${id}`);
      return { channel: id, id: 'm1' };
    },
    update: async ({ id }) => {
      said.push(`edit ${id}`);
    },
  };
  const held = inHouse(chat, directory);
  const failed = (deed: Promise<unknown>) =>
    deed.then(
      () => undefined,
      (error) => error.code,
    );
  expect(await failed(held.post('C1', {} as never))).toBe(code);
  expect(await failed(held.update({ channel: 'C1', id: 'm1' }, {} as never))).toBe(code);
  expect(said).toEqual(code === undefined ? ['post C1', 'edit m1'] : []);
});
