import { expect, test } from 'vitest';
import { EDIT_EVERY_MS, LIVE_FOR_MS, LIVE_SLOTS } from '../../src/core/live/live.ts';
import type { Answer } from '../../src/core/reply/reply.ts';
import { plainText } from '../../src/core/reply/text.ts';
import { LiveMessages } from '../../src/flow/live.ts';
import { ChatFailed, type MessageRef, type Pressed } from '../../src/ports/chat.ts';
import { aMember } from '../people.ts';
import { logInto } from '../slack/bot.ts';
import { HeldClock } from '../slack/held-clock.ts';
import { aPolicy, aSnapshot } from '../snapshots.ts';
import { openOwnStore } from '../store/own-store.ts';

/** Two replicas over one store; what they show is written down. */
async function watch(replicas = 2) {
  const store = await openOwnStore();
  const clock = new HeldClock();
  const shown: { readonly message: MessageRef; readonly words: string }[] = [];
  const trouble = { code: undefined as string | undefined };
  const chat = {
    post: () => Promise.reject(new Error('nothing is posted')),
    update: async (message: MessageRef, content: Answer) => {
      if (trouble.code !== undefined) throw new ChatFailed(trouble.code, 'no', undefined);
      const [first] = content.parts;
      shown.push({ message, words: first?.type === 'paragraph' ? plainText(first.text) : '' });
    },
  };
  const sidekiq = {
    policy: aPolicy({ name: 'payroll', channels: ['C1'] }),
    observe: async () => ({ snapshot: aSnapshot({ takenAtMs: clock.nowMs() }), samples: [] }),
  };
  const desk = { sidekiqs: [sidekiq as never], store, chat, clock, log: logInto([]) };
  const bots = Array.from({ length: replicas }, () => new LiveMessages(desk));
  const tick = () => Promise.all(bots.map((bot) => bot.tick()));
  const press = (act: string, by: string, id: string, more: Partial<Pressed> = {}, bot = bots[0]) =>
    bot?.press({
      act: `live.${act}`,
      value: 'payroll',
      actor: aMember(by, by),
      channel: { id: 'C1', name: 'c', isExternal: false, isDirect: false },
      message: { channel: 'C1', id },
      ...more,
    });
  return {
    store,
    clock,
    shown,
    trouble,
    tick,
    press,
    bots,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

test('two replicas edit a live message once every half minute, and freeze it after half an hour', async () => {
  await using stage = await watch();
  const { clock, shown, tick, press } = stage;
  expect(await press('start', 'U1', '1.1')).toBeUndefined();
  for (let ms = 0; ms < LIVE_FOR_MS - EDIT_EVERY_MS; ms += 5000) {
    clock.pass(5000);
    await tick();
  }
  expect(shown).toHaveLength(LIVE_FOR_MS / EDIT_EVERY_MS);
  expect(shown.every(({ words }) => words.startsWith('Live until'))).toBe(true);
  clock.pass(EDIT_EVERY_MS);
  await tick();
  expect(shown.at(-1)?.words).toMatch(/^No longer live: it ran its half hour\. Started by U1/);
  const count = shown.length;
  clock.pass(LIVE_FOR_MS);
  await tick();
  expect(shown).toHaveLength(count);
});

test('a bot that was down at the end says so', async () => {
  await using stage = await watch();
  await stage.press('start', 'U1', '1.1');
  stage.clock.pass(2 * LIVE_FOR_MS);
  await stage.tick();
  expect(stage.shown.at(-1)?.words).toContain('I was not running');
});

test('each person runs one, all together a few, also when they press at once at two replicas', async () => {
  await using stage = await watch();
  const { press, bots } = stage;
  const codes = await Promise.all(
    Array.from({ length: 2 * (LIVE_SLOTS + 1) }, async (_, n) => {
      const person = n >> 1;
      return (await press('start', `U${person}`, `1.${n}`, {}, bots[n % 2]))?.code;
    }),
  );
  expect(codes.filter((code) => code === undefined)).toHaveLength(LIVE_SLOTS);
  expect(new Set(codes)).toEqual(new Set([undefined, 'one_each', 'too_many_live']));
});

test.each<[string, Partial<Pressed>, string]>([
  ['an answer to one person', { message: undefined }, 'not_shared'],
  [
    'another channel',
    { channel: { id: 'C2', name: 'c', isExternal: false, isDirect: false } },
    'wrong_channel',
  ],
  ['a sidekiq that is not there', { value: 'other' }, 'wrong_channel'],
  [
    'a shared channel',
    { channel: { id: 'C1', name: 'c', isExternal: true, isDirect: false } },
    'external_channel',
  ],
  ['somebody unknown', { actor: undefined }, 'person_unknown'],
])('nothing becomes live for %s', async (_, pressed, code) => {
  await using stage = await watch();
  expect((await stage.press('start', 'U1', '1.1', pressed))?.code).toBe(code);
  expect(stage.shown).toEqual([]);
});

test('a message that was deleted gives its slot back; a Slack that is down does not', async () => {
  await using stage = await watch();
  await stage.press('start', 'U1', '1.1');
  stage.trouble.code = 'unreachable';
  stage.clock.pass(EDIT_EVERY_MS);
  await stage.tick();
  expect((await stage.press('start', 'U1', '1.2'))?.code).toBe('one_each');
  stage.trouble.code = 'message_not_found';
  stage.clock.pass(EDIT_EVERY_MS);
  await stage.tick();
  stage.trouble.code = undefined;
  expect(await stage.press('start', 'U1', '1.2')).toBeUndefined();
});
