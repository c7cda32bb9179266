import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { eventually } from '../../eventually.ts';
import { startDemo } from './demo-process.ts';

test('the page answers, and SIGTERM leaves neither a process nor a file', async () => {
  await using demo = await startDemo(['--quiet-night']);
  const page = await fetch(await demo.address());
  expect(page.status).toBe(200);
  const children = demo.descendants();
  expect(children.map(({ command }) => command).join('\n')).toMatch(/redis-server[\s\S]*stand-in-bot/);
  demo.signal('SIGTERM');
  expect(await demo.exited).toEqual({ code: 0, signal: null });
  await demo.leavesNothing(children);
});

test('SIGTERM during the start leaves nothing', async () => {
  await using demo = await startDemo([]);
  await eventually(() => demo.descendants().some(({ command }) => command.includes('redis-server')));
  const children = demo.descendants();
  demo.signal('SIGTERM');
  expect((await demo.exited).code).toBe(0);
  await demo.leavesNothing(children);
});

test('a demo that is killed with SIGKILL leaves nothing either', async () => {
  await using demo = await startDemo(['--quiet-night']);
  await demo.address();
  const children = demo.descendants();
  demo.signal('SIGKILL');
  await demo.leavesNothing(children);
});

test.each([
  { part: 'bot', command: /stand-in-bot/, sentence: 'The bot ended (SIGKILL).' },
  { part: 'Redis', command: /redis-server/, sentence: 'closed the connection' },
])('when its $part dies, the demo says so and ends the rest', async ({ command, sentence }) => {
  await using demo = await startDemo(['--quiet-night']);
  await demo.address();
  const children = demo.descendants();
  const victim = children.find((child) => command.test(child.command));
  if (victim === undefined) throw new Error(`no ${command} among ${JSON.stringify(children)}`);
  process.kill(victim.pid, 'SIGKILL');
  expect((await demo.exited).code).toBe(1);
  expect(demo.output).toContain(sentence);
  await demo.leavesNothing(children);
});

test('a bot that does not start is a sentence, and nothing is left', async () => {
  await using demo = await startDemo(['--quiet-night'], { BOT: 'no-such-bot.ts' });
  expect((await demo.exited).code).toBe(1);
  expect(demo.output).toContain('The bot ended (1).');
  await demo.leavesNothing([]);
});

test('a port that is taken or wrong is a sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  await using taken = await startDemo([], { SANDBOX_PORT: port });
  expect((await taken.exited).code).toBe(1);
  expect(taken.output).toContain(`Port ${port} is taken`);
  other.close();

  await using wrong = await startDemo([], { SANDBOX_PORT: 'eighty' });
  expect((await wrong.exited).code).toBe(2);
  expect(wrong.output).toContain('not eighty');
});
