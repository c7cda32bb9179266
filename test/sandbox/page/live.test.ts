import { expect, test } from 'vitest';
import type { Message, State } from '../../../src/sandbox/page/api.ts';
import { applied, repliesTo, timelineOf } from '../../../src/sandbox/page/live.ts';

function message(ts: string, more: Partial<Message> = {}): Message {
  return {
    channel: 'C1',
    ts,
    from: 'U1',
    text: ts,
    blocks: [],
    isEphemeral: false,
    isEdited: false,
    kind: 'message',
    ...more,
  };
}

const EMPTY: State = {
  as: 'U1',
  people: [],
  channels: [],
  messages: [],
  modals: [],
  suggestions: [],
  isBotConnected: true,
  story: '',
};

test('a message that arrives twice stands there once, an edited one in its old place', () => {
  const first = applied(EMPTY, { type: 'message', message: message('1.1') });
  const second = applied(first, { type: 'message', message: message('2.1') });
  const edited = applied(second, { type: 'message', message: message('1.1', { text: 'new' }) });
  expect(edited.messages.map(({ text }) => text)).toEqual(['new', '2.1']);
});

test('a deleted message goes, one with the same time in another channel stays', () => {
  const state = { ...EMPTY, messages: [message('1.1'), message('1.1', { channel: 'C2' })] };
  expect(applied(state, { type: 'deleted', channel: 'C1', ts: '1.1' }).messages).toEqual([
    message('1.1', { channel: 'C2' }),
  ]);
});

test('replies stand in their thread, in order, and not in the channel', () => {
  const messages = [
    message('3.1', { threadTs: '1.1' }),
    message('2.1', { threadTs: '1.1' }),
    message('1.1', { threadTs: '1.1' }),
  ];
  expect(timelineOf(messages, 'C1').map(({ ts }) => ts)).toEqual(['1.1']);
  expect(repliesTo(messages, 'C1', '1.1').map(({ ts }) => ts)).toEqual(['2.1', '3.1']);
});

test('a reply to a message that the reader can not see is shown in the channel', () => {
  const reply = message('2.1', { threadTs: '1.1' });
  expect(timelineOf([reply], 'C1')).toEqual([reply]);
});
