import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { typeDemo } from '../sandbox/demo/demo-process.ts';
import { linkedCheckout } from './checkout.ts';
import { commandsRunBy } from './inventory.ts';

test.each(commandsRunBy('test/docs/demo.test.ts'))(
  '%s shows its page, and Ctrl-C stops everything and removes what it wrote',
  async (command) => {
    const folder = await linkedCheckout();
    try {
      const before = await readdir(folder.path);
      await using demo = await typeDemo(command, { cwd: folder.path });
      const page = await fetch(await demo.address());
      expect(await page.text()).toContain('<title>');
      const children = demo.descendants();
      demo.pressCtrlC();
      expect(await demo.exited).toEqual({ code: 0, signal: null });
      await demo.leavesNothing(children);
      expect(await readdir(folder.path)).toEqual(before);
    } finally {
      await folder.remove();
    }
  },
  120_000,
);
