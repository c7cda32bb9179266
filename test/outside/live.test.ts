import { expect, test } from 'vitest';
import type { Message } from '../../src/sandbox/page/api.ts';
import { CHANNEL, reads, type Stage, setStage, told } from './stage.ts';

/** Asks for health as that person and shares it. */
async function share(stage: Stage, person: string): Promise<Message> {
  const { people } = stage.sandbox;
  const before = new Set(people.messagesSeenBy(person, CHANNEL).map(({ ts }) => ts));
  const isNew = ({ ts, channel }: Message) => channel === CHANNEL && !before.has(ts);
  await people.say({ as: person, channel: CHANNEL, text: '/sidekiq health' });
  const answer = await people.waitForMessage(person, (message) => isNew(message) && message.isEphemeral);
  expect(JSON.stringify(answer.blocks)).not.toContain('Watch live');
  await people.pressButton(person, answer, 'Share');
  return people.waitForMessage(person, (message) => isNew(message) && message.text.includes('Shared by'));
}

test('a shared health answer is watched together, by one press each, over a restart, until somebody stops it', async () => {
  await using stage = await setStage();
  const { people } = stage.sandbox;
  const first = await stage.startBot();
  const shared = await share(stage, 'U0ANN');
  await people.pressButton('U0BEN', shared, 'Watch live 30 min');
  const live = await reads(stage, shared, 'Live until .* started by <@U0BEN>');

  await people.pressButton('U0BEN', await share(stage, 'U0BEN'), 'Watch live 30 min');
  await told(stage, 'U0BEN', 'each person can run one');
  await people.pressButton('U0GUS', live, 'Stop watching');
  await told(stage, 'U0GUS', 'You are a guest');

  await first.stop();
  await stage.startBot();
  await people.pressButton('U0DANA', live, 'Stop watching');
  const frozen = await reads(stage, shared, 'No longer live: <@U0DANA> stopped it');
  expect(frozen.text).toMatch(
    /Started by <@U0BEN>.*It stayed degraded; 0 waited at the beginning, 0 at the end/,
  );
  await people.pressButton('U0BEN', frozen, 'Watch live 30 min');
  await reads(stage, shared, 'Live until .* started by <@U0BEN>');
});
