import { App, type Receiver } from '@slack/bolt';
import { expect, test } from 'vitest';
import { boltLogger } from '../../src/slack/bolt-logger.ts';
import { SeenDeliveries } from '../../src/slack/deliveries.ts';
import { answering, attend, type Work } from '../../src/slack/listen.ts';
import { Running } from '../../src/slack/running.ts';
import type { Addressee, Draft } from '../../src/slack/speech.ts';
import { Speech } from '../../src/slack/speech.ts';
import { openWebClients } from '../../src/slack/web-clients.ts';
import { CLOCK, type LogLine, logInto } from './bot.ts';

/** What was told, in place of Slack. */
class Told extends Speech {
  readonly words: string[] = [];
  override async tell(_to: Addressee, draft: Draft): Promise<void> {
    this.words.push(draft({ hasCharts: true }).text);
  }
}

async function startEars(work: Work = async () => {}) {
  const lines: LogLine[] = [];
  const log = logInto(lines);
  const logger = boltLogger(log);
  const speech = new Told(
    openWebClients({ botToken: 'xoxb-1', apiUrl: 'http://127.0.0.1:1/', logger }),
    CLOCK,
    log,
  );
  const ears = { speech, running: new Running(), seen: new SeenDeliveries(), log };
  const receiver: Receiver = { init: () => {}, start: async () => {}, stop: async () => {} };
  const app = new App({
    receiver,
    logger,
    token: 'xoxb-1',
    botId: 'B0',
    botUserId: 'U0BOT',
    tokenVerificationEnabled: false,
    deferInitialization: true,
    convoStore: false,
  });
  await app.init();
  attend(app, ears);
  app.action('known', answering(ears, work));
  const acks: unknown[] = [];
  const deliver = async (body: object, deliveryId?: string) => {
    await app.processEvent({
      body,
      ack: async (answer: unknown) => {
        acks.push(answer);
      },
      ...(deliveryId === undefined ? {} : { customProperties: { deliveryId } }),
    });
  };
  return { acks, told: speech.words, lines, deliver, running: ears.running };
}

const WHO = {
  user: { id: 'U0ANN' },
  team: { id: 'T0' },
  channel: { id: 'C0' },
  response_url: 'http://127.0.0.1:1/',
};
const press = (action_id: string) => ({
  ...WHO,
  type: 'block_actions',
  actions: [{ type: 'button', action_id, value: 'v' }],
});

test.each([
  ['a button that no version of ours knows', press('purge:approve'), undefined],
  ['a button without a name', { ...WHO, type: 'block_actions', actions: [{ type: 'button' }] }, undefined],
  ['a slash command', { command: '/other', text: '', user_id: 'U0ANN', channel_id: 'C0' }, undefined],
  ['a global shortcut', { ...WHO, type: 'shortcut', callback_id: 'x' }, undefined],
  ['a message shortcut', { ...WHO, type: 'message_action', callback_id: 'x' }, undefined],
  ['a closed form', { ...WHO, type: 'view_closed', view: { callback_id: 'x' } }, undefined],
  ['a select that loads', { ...WHO, type: 'block_suggestion', action_id: 'x', value: '' }, { options: [] }],
])('%s that nothing listens for is acknowledged and answered in words', async (_, body, answer) => {
  const { acks, told, deliver } = await startEars();
  await deliver(body);
  expect(acks).toEqual([answer]);
  expect(told).toEqual([expect.stringContaining('Nothing was done')]);
});

test('a form that nothing listens for says so in its place', async () => {
  const { acks, told, deliver } = await startEars();
  const { channel: _none, response_url: _neither, ...who } = WHO;
  await deliver({ ...who, type: 'view_submission', view: { callback_id: 'x', state: { values: {} } } });
  expect(acks).toMatchObject([{ response_action: 'update', view: { type: 'modal' } }]);
  expect(JSON.stringify(acks)).toContain('Nothing was done');
  expect(told).toEqual([]);
});

test('a press is acknowledged before the work begins, and once', async () => {
  const seen: number[] = [];
  const ears = await startEars(async () => {
    seen.push(ears.acks.length);
  });
  await ears.deliver(press('known'));
  expect(seen).toEqual([1]);
  expect(ears.acks).toHaveLength(1);
  expect(ears.told).toEqual([]);
});

test('what is asked at the same time begins one by one, so that what comes meanwhile is acknowledged first', async () => {
  let round = 0;
  const tick = () => {
    round += 1;
    ticker = setImmediate(tick);
  };
  let ticker = setImmediate(tick);
  const began: number[] = [];
  const ears = await startEars(async () => {
    began.push(round);
  });
  await Promise.all([1, 2, 3].map(() => ears.deliver(press('known'))));
  clearImmediate(ticker);
  expect(ears.acks).toHaveLength(3);
  expect(new Set(began).size).toBe(3);
});

test('work that throws is acknowledged all the same, told with a reference, and logged', async () => {
  const ears = await startEars(async (_, reference) => {
    throw new TypeError(`failed under ${reference}`);
  });
  await ears.deliver(press('known'));
  expect(ears.acks).toHaveLength(1);
  expect(ears.told).toEqual([expect.stringMatching(/give \w{6} to whoever runs me/)]);
  expect(ears.lines.map(({ message }) => message)).toEqual(['a request failed']);
});

test('the same delivery is acknowledged again and worked on once', async () => {
  const worked: string[] = [];
  const ears = await startEars(async ({ value }) => {
    worked.push(value);
  });
  await ears.deliver(press('known'), 'E1');
  await ears.deliver(press('known'), 'E1');
  await ears.deliver(press('known'), 'E2');
  expect(worked).toEqual(['v', 'v']);
  expect(ears.acks).toHaveLength(3);
});

test('while stopping, a press is acknowledged and told to come again', async () => {
  const ears = await startEars();
  await ears.running.drain(0, CLOCK);
  await ears.deliver(press('known'));
  expect(ears.acks).toHaveLength(1);
  expect(ears.told).toEqual([expect.stringContaining('Try again in a few seconds')]);
});

test('what is remembered of deliveries stays bounded', () => {
  const seen = new SeenDeliveries();
  for (let nth = 0; nth < 3000; nth += 1) expect(seen.isNew(`E${nth}`)).toBe(true);
  expect(seen.isNew('E2999')).toBe(false);
  expect(seen.isNew('E0')).toBe(true);
});
