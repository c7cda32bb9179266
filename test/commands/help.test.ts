import { expect, test } from 'vitest';
import { help } from '../../commands/help.ts';
import { COMMANDS } from '../../commands/index.ts';
import { printReply } from '../../src/terminal/print.ts';
import { aContext, answered, asked, typed } from './readings.ts';

test('help lists every command, in words and as buttons', async () => {
  const reply = await help.run(typed(), aContext([], 'help'));
  const words = printReply(reply, { width: 80, hasColour: false });
  for (const { usage } of COMMANDS) expect(words).toContain(usage);
  expect(asked(reply)).toEqual(expect.arrayContaining(['health', 'backlog']));
  expect(answered(reply).data).toMatchObject({ commands: { length: COMMANDS.length } });
});

test('a command that needs words is no button', async () => {
  const needy = { ...help, name: 'purge', usage: 'purge CLASS' };
  const reply = await help.run(typed(), { ...aContext([], 'help'), commands: [needy, help] });
  expect(asked(reply)).toEqual([]);
});

test('every command has its own name, and help can describe it in a line', () => {
  const names = COMMANDS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, usage, summary } of COMMANDS) {
    expect(usage.startsWith(name)).toBe(true);
    expect(summary.length).toBeLessThanOrEqual(75);
  }
});
