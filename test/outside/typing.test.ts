import { expect, test } from 'vitest';
import { CHANNEL, filled, isProposal, reads, setStage } from './stage.ts';
import { startWorker } from './worker.ts';

test('a large plan is proposed only by who types what it is about, and Cancel takes it back', async () => {
  await using stage = await setStage({ approvals: { confirm_from: 1 } });
  await using worker = await startWorker(stage.redisUrl, 'host-typed');
  await stage.startBot();
  const { people } = stage.sandbox;
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq quiet host-typed --reason because' });
  const modal = await people.waitFor(() => people.modalsOf('U0ANN').at(-1), 20_000);
  const submit = (typed: string) => people.submit({ as: 'U0ANN', ...filled(modal, { typed }) });
  expect(await submit('host-other')).toMatchObject({ ok: false, errors: { typed: expect.any(String) } });
  expect(people.messagesSeenBy('U0BEN', CHANNEL).filter(isProposal)).toEqual([]);
  expect(await submit(worker.identity)).toEqual({ ok: true });
  const message = await people.waitForMessage('U0BEN', isProposal, 20_000);
  await people.pressButton('U0ANN', message, 'Cancel');
  await reads(stage, message, 'cancelled');
});
