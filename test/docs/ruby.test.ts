import { expect, test } from 'vitest';
import { blocksOf } from './pages.ts';
import { runs } from './stage.ts';

/** Sidekiq Pro is not free, so what stands in its place only notes what it is asked for. */
const STAND_IN = `
module Sidekiq
  def self.configure_server
    config = Object.new
    def config.super_fetch!; puts 'super_fetch!'; end
    yield config
  end
end
`;

test('what the guide puts into the application is Ruby, and asks for super_fetch', async () => {
  const [block, another] = blocksOf('ruby');
  expect(another).toBe(undefined);
  const program = STAND_IN + block?.text;
  expect(await runs('ruby -w -e "$PROGRAM"', { PATH: process.env['PATH'] ?? '', PROGRAM: program })).toBe(
    'super_fetch!\n',
  );
});
