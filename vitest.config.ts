import { defineConfig } from 'vitest/config';
import { testsNeeding } from './test/needed-tools.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: testsNeeding((process.env['MISSING_TOOLS'] ?? '').split(/\s+/)),
    pool: 'forks',
    // Tests start real servers and real Sidekiq processes; a slow machine must not fail them.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A test left on `only` would skip the others without a word.
    allowOnly: false,
  },
});
