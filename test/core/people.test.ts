import { expect, test } from 'vitest';
import { admit, type ChannelFacts, type Person } from '../../src/core/people.ts';
import { plainText } from '../../src/core/reply/text.ts';

const ANN: Person = {
  id: 'U0ANN',
  name: 'Ann',
  isBot: false,
  isGuest: false,
  isOutsider: false,
  isDeactivated: false,
  enterpriseUserId: null,
};
const OPS: ChannelFacts = { id: 'C0OPS', name: 'ops', isExternal: false, isDirect: false };

test('a member may ask in a channel of the organisation and in a direct message', () => {
  expect(admit(ANN, OPS)).toEqual({ type: 'admitted', person: ANN, channel: OPS });
  expect(admit(ANN, { ...OPS, isDirect: true })).toMatchObject({ type: 'admitted' });
});

test.each([
  ['guest', { ...ANN, isGuest: true }, OPS, 'guest of this workspace'],
  ['outsider', { ...ANN, isOutsider: true }, OPS, 'another organisation'],
  ['bot', { ...ANN, isBot: true }, OPS, 'not bots'],
  ['deactivated', { ...ANN, isDeactivated: true }, OPS, 'deactivated'],
  ['external_channel', ANN, { ...OPS, isExternal: true }, 'shared with another organisation'],
  ['person_unknown', undefined, OPS, 'who you are'],
  ['channel_unknown', ANN, undefined, 'can’t see this conversation'],
] as const)('%s is refused, with the reason and what to do', (code, person, channel, reason) => {
  const refused = admit(person, channel);
  if (refused.type !== 'refusal') throw new Error('was let in');
  expect(refused.code).toBe(code);
  expect(plainText(refused.reason)).toContain(reason);
  expect(plainText(refused.remedy)).not.toBe('');
});

test('who is refused twice over is told of the person first, so that nothing of the channel is given away', () => {
  expect(admit({ ...ANN, isGuest: true }, { ...OPS, isExternal: true })).toMatchObject({ code: 'guest' });
});
