import { expect, test } from 'vitest';
import { say } from '../../src/core/reply/text.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startSlack } from '../../src/slack/connect.ts';
import type { DrawHome } from '../../src/slack/home.ts';
import { openSlack } from '../../src/slack/open.ts';
import { eventually } from '../eventually.ts';
import { CHANNEL, echo, hidden, logInto, UNKNOWING } from './bot.ts';
import { HeldClock } from './held-clock.ts';

/** A bot that is to end: what waits because Slack asks for it must not hold it up. No time passes here. */

const HOME: DrawHome = async () => ({ type: 'home', tone: 'good', headline: say`All is well`, sections: [] });

async function aBot() {
  const sandbox = await startSandbox();
  const clock = new HeldClock();
  const settings = {
    botToken: hidden(sandbox.botToken),
    apiUrl: sandbox.apiUrl,
    mode: { type: 'socket', appToken: hidden(sandbox.appToken) },
  } as const;
  const log = logInto([]);
  const access = await openSlack({ settings, log, clock });
  const http = { host: '127.0.0.1', port: 0, routes: [] };
  const slack = await startSlack(
    { settings, http, ...UNKNOWING, answer: echo, home: HOME, log, clock, onFatal: () => {} },
    access,
  );
  return { sandbox, clock, access, slack, [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose]() };
}

test.each([
  ['an answer to a person', 'chat.postEphemeral', 60, 1],
  // Once more, to show that it could not be drawn.
  ['the Home tab', 'views.publish', 10, 2],
])(
  '%s that Slack holds back is not waited for, nor is Slack asked over and over',
  async (_, method, retryAfterS, calls) => {
    await using bot = await aBot();
    const { sandbox, clock, access, slack } = bot;
    const { people, faults } = sandbox;
    faults.limit(retryAfterS, [method]);
    faults.failNext('response_url', { kind: 'http', status: 500 });
    if (method === 'views.publish') await people.openHome('U0ANN');
    else await people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq health' });
    await eventually(() => clock.waitsMs.includes(retryAfterS * 1000));
    access.hurry();
    await slack.stop();
    expect(clock.waitsMs).toEqual([]);
    expect(sandbox.calls.filter((call) => call.method === method)).toHaveLength(calls);
  },
);

test('what waits on the hurried clock can be called off before there is a hurry', async () => {
  await using bot = await aBot();
  const { clock, access, slack } = bot;
  const calledOff = new AbortController();
  const waits = [access.hurriedClock.wait(7000, calledOff.signal), access.hurriedClock.wait(8000)];
  calledOff.abort();
  await waits[0];
  expect(clock.waitsMs).toEqual([8000]);
  access.hurry();
  await waits[1];
  await slack.stop();
});
