import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { startNight } from '../faults/night.ts';

test('all lines of a request, and all of an action, can be found by its id', async () => {
  await using night = await startNight();
  await night.fill(10);
  const message = await night.propose();
  await night.approve(message);
  await night.takesAll(message, 10, 60_000);
  await night.stop(message);
  const lines = () =>
    night.bot
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  await eventually(() => lines().some(({ msg }) => msg === 'an action has ended'));
  const of = (wanted: string) => lines().filter(({ msg }) => msg === wanted);
  const [began, ended] = [of('an action is carried out')[0], of('an action has ended')[0]];
  expect(began).toMatchObject({ action: 'purge', sidekiq: 'payroll', proposal: expect.any(String) });
  expect(ended).toMatchObject({ proposal: began?.['proposal'], end: 'stopped' });
  expect(message.text).toContain(began?.['proposal']);
  const answered = of('a request was answered');
  expect(answered.length).toBeGreaterThanOrEqual(2);
  const ids = answered.map(({ reference }) => reference);
  expect(new Set(ids).size).toBe(ids.length);
  for (const line of answered)
    expect(line).toMatchObject({
      reference: expect.stringMatching(/^[0-9a-f]{6}$/),
      user: expect.any(String),
    });
  // An action is nobody's request.
  expect(began).not.toHaveProperty('user');
}, 120_000);
