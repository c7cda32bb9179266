import { expect, test } from 'vitest';
import { isProposal, propose, setStage } from './stage.ts';
import { startWorker } from './worker.ts';

test('Home shows each person what concerns them, and leads to the proposal', async () => {
  await using stage = await setStage();
  await using _worker = await startWorker(stage.redisUrl, 'worker-7');
  await stage.startBot();
  const { people } = stage.sandbox;
  const proposal = await propose(stage, 'worker-7');
  const homeOf = async (person: string) => {
    await people.openHome(person);
    return people.waitFor(() => people.homeOf(person));
  };
  const wordsOf = async (person: string) => JSON.stringify((await homeOf(person)).blocks);

  const ben = await homeOf('U0BEN');
  expect(JSON.stringify(ben.blocks)).toMatch(/payroll.*threads busy.*Waits for your word.*worker-7/);
  expect(await wordsOf('U0ANN')).toMatch(/Asked for by you.*worker-7/);
  expect(await wordsOf('U0DANA')).toContain('Nothing waits for you');
  expect(await wordsOf('U0GUS')).toContain('You are a guest of this workspace');
  expect(await wordsOf('U0OLGA')).toContain('You belong to another organisation');

  const id = /"Show (\w+)"/.exec(JSON.stringify(ben.blocks))?.[1] ?? '';
  await people.pressButton('U0BEN', ben, `Show ${id}`);
  const shown = await people.waitForMessage('U0BEN', ({ channel }) => channel === 'D0BEN');
  expect(shown.text).toContain('asks to quiet');
  await people.pressButton('U0BEN', shown, 'Approve');
  await people.waitForMessage(
    'U0BEN',
    (message) => isProposal(message) && message.ts === proposal.ts && message.text.includes(': done'),
    30_000,
  );
  const after = await people.pressButton('U0BEN', ben, 'Refresh');
  expect(after).toEqual({ ok: true });
  await people.waitFor(() => {
    const blocks = JSON.stringify(people.homeOf('U0BEN')?.blocks);
    return blocks.includes('Nothing waits for you') ? blocks : undefined;
  });
});
