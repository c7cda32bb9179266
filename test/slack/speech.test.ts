import nock from 'nock';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Answer, Chart } from '../../src/core/reply/reply.ts';
import { say } from '../../src/core/reply/text.ts';
import { boltLogger } from '../../src/slack/bolt-logger.ts';
import { renderReply } from '../../src/slack/render/reply.ts';
import { type Draft, Speech } from '../../src/slack/speech.ts';
import { openWebClients } from '../../src/slack/web-clients.ts';
import { answerOf, CLOCK, logInto } from './bot.ts';

const SLACK = 'https://slack.example';
const TO = { userId: 'U0ANN', channelId: 'C0', responseUrl: `${SLACK}/commands/1` };

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

function speech(): Speech {
  const log = logInto([]);
  const logger = boltLogger(log);
  return new Speech(openWebClients({ botToken: 'xoxb-1', apiUrl: `${SLACK}/api/`, logger }), CLOCK, log);
}

const CHART: Chart = {
  type: 'line',
  title: 'Waiting',
  xLabel: '',
  yLabel: '',
  categories: ['a', 'b'],
  series: [{ name: 'jobs', values: [1, 9] }],
};
const drawn =
  (reply: Answer): Draft =>
  (drawing) =>
    renderReply(reply, drawing);
const withChart = drawn(answerOf(say`Verdict`, { parts: [{ type: 'chart', chart: CHART }] }));

/** What the response_url was sent, answering in turn. */
function responses(...answers: readonly [status: number, body: nock.Body][]): string[] {
  const sent: string[] = [];
  for (const [status, body] of answers) {
    nock(SLACK)
      .post('/commands/1', (given: object) => {
        sent.push(JSON.stringify(given));
        return true;
      })
      .reply(status, body);
  }
  return sent;
}

test('where charts are not taken, the same answer goes out once more with a line of bars for each', async () => {
  const sent = responses([400, { ok: false, error: 'invalid_blocks' }], [200, 'ok']);
  await speech().tell(TO, withChart);
  expect(sent).toHaveLength(2);
  expect(sent[0]).toContain('data_visualization');
  expect(sent[1]).not.toContain('data_visualization');
  expect(sent[1]).toContain('jobs ▂█ 1 → 9');
});

test('where no blocks are taken at all, the words alone go out', async () => {
  const sent = responses([404, 'invalid_blocks'], [200, { ok: false, error: 'invalid_blocks' }], [200, '']);
  await speech().tell(TO, withChart);
  expect(sent).toHaveLength(3);
  expect(sent[2]).not.toContain('"blocks"');
  expect(sent[2]).toContain('Verdict');
});

test('a used-up response_url is not tried again; the answer comes as an ephemeral message', async () => {
  const sent = responses([404, { ok: false, error: 'used_url' }]);
  const ephemeral = nock(SLACK)
    .post('/api/chat.postEphemeral', (body: Record<string, unknown>) => body['user'] === 'U0ANN')
    .reply(200, { ok: true, message_ts: '1.2' });
  await speech().tell(TO, drawn(answerOf(say`Verdict`)));
  expect(sent).toHaveLength(1);
  expect(ephemeral.isDone()).toBe(true);
});

test('what was pressed where there is no channel, as on Home, is answered in the conversation with the bot', async () => {
  const posted = nock(SLACK)
    .post('/api/chat.postMessage', (body: Record<string, unknown>) => body['channel'] === 'U0ANN')
    .reply(200, { ok: true, channel: 'D0ANN', ts: '1.2' });
  const to = { userId: 'U0ANN', channelId: undefined, responseUrl: undefined };
  await speech().tell(to, drawn(answerOf(say`Verdict`)));
  expect(posted.isDone()).toBe(true);
});

test('an answer that replaces another says so, and is for that person alone', async () => {
  const sent = responses([200, 'ok']);
  await speech().tell(TO, drawn(answerOf(say`Verdict`)), { replace: true });
  expect(JSON.parse(sent[0] ?? '')).toMatchObject({ replace_original: true, response_type: 'ephemeral' });
});

test('a post carries its words, unfolds no links, and falls back like an answer', async () => {
  const sent: Record<string, unknown>[] = [];
  for (const answer of [
    { ok: false, error: 'invalid_blocks' },
    { ok: true, channel: 'C0', ts: '1.2' },
  ]) {
    nock(SLACK)
      .post('/api/chat.postMessage', (body: Record<string, unknown>) => {
        sent.push(body);
        return true;
      })
      .reply(200, answer);
  }
  await speech().post('C0', withChart);
  expect(sent).toHaveLength(2);
  expect(sent[1]).toMatchObject({ channel: 'C0', unfurl_links: 'false', unfurl_media: 'false' });
  expect(sent[1]?.['text']).toContain('Verdict');
  expect(sent[1]?.['blocks']).not.toContain('data_visualization');
});

test('any other refusal of Slack is thrown to whoever asked for the post', async () => {
  nock(SLACK).post('/api/chat.postMessage').reply(200, { ok: false, error: 'is_archived' });
  await expect(speech().post('C0', withChart)).rejects.toThrow('is_archived');
});
