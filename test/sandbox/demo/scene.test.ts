import { expect, test } from 'vitest';
import { COMMANDS } from '../../../commands/index.ts';
import { SCENES } from '../../../src/sandbox/demo/scene.ts';

test('the page offers only commands that exist', () => {
  const names = COMMANDS.map(({ name }) => name);
  for (const { suggestions } of Object.values(SCENES)) {
    expect(suggestions.length).toBeGreaterThan(0);
    for (const { text } of suggestions) expect(names).toContain(text.split(' ')[1]);
  }
});
