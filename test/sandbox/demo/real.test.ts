import { expect, test } from 'vitest';
import { startDemo } from './demo-process.ts';

test('the demo with real Sidekiq processes leaves nothing of them', async () => {
  await using demo = await startDemo(['--real']);
  await demo.address();
  const children = demo.descendants();
  expect(children.filter(({ command }) => command.startsWith('sidekiq'))).toHaveLength(3);
  demo.signal('SIGTERM');
  expect((await demo.exited).code).toBe(0);
  await demo.leavesNothing(children);
});
