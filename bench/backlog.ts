import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import type { Measured } from './backlog-round.ts';
import type { Benchmark } from './benchmark.ts';
import { type Figure, median, ofRounds, ratios } from './figure.ts';
import { rubyMs } from './ruby.ts';
import { filled, watchSlowLog } from './stage.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const RUBY_SIZE = 100_000;
const MANY_JOBS = 5_000_000;
const FULL_SIZE = 10_000_000;
const ROUNDS = 3;

/**
 * Counting jobs by class: against merely reading them, against Sidekiq's own API, how it grows, and what memory it takes. Each
 * count is a question after a quiet minute; what reads more than the bot may in a second is held to that (core/load.ts).
 */
export const backlog: Benchmark = {
  name: 'backlog',
  run: async ({ isFull }) => {
    const figures: Figure[] = [];
    let smallestUs = Number.NaN;
    for (const size of SIZES) {
      const all = await measureOften(size);
      const [countMs, readMs] = [all.map((one) => one.countMs), all.map((one) => one.readMs)];
      const us = countMs.map((ms) => (ms * 1000) / size);
      if (size === SIZES[0]) smallestUs = median(us);
      figures.push(
        { what: `count of ${size} jobs by class`, ...ofRounds(countMs), unit: 'ms' },
        { what: '  bare paged LRANGE of the same list', ...ofRounds(readMs), unit: 'ms' },
        {
          what: '  count against bare reading',
          ...ofRounds(ratios(countMs, readMs)),
          unit: 'x',
          ...(size === SIZES.at(-1) ? { atMost: 1.5 } : {}),
        },
        {
          what: `  time a job against ${SIZES[0]}`,
          ...ofRounds(us.map((one) => one / smallestUs)),
          unit: 'x',
          atMost: 1.5,
        },
      );
      if (size === RUBY_SIZE) figures.push(...(await againstRuby(countMs)));
    }
    return [...figures, ...(await ofMany(isFull ? FULL_SIZE : MANY_JOBS))];
  },
};

/** Some rounds, each in a process of its own: the engine would read twice as fast after ten million jobs. */
async function measureOften(size: number): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const child = fork(fileURLToPath(new URL('./backlog-round.ts', import.meta.url)), [String(size)]);
    const [measured] = await once(child, 'message');
    all.push(measured as Measured);
  }
  return all;
}

async function againstRuby(oursMs: readonly number[]): Promise<Figure[]> {
  await using server = await startRedisServer();
  const redis = await filled(server.url, RUBY_SIZE);
  redis.disconnect();
  const theirsMs = await rubyMs(server.url, "Sidekiq::Queue.new('default').map(&:klass).tally", ROUNDS);
  if (theirsMs === undefined) return [];
  return [
    { what: "  Sidekiq's API: map(&:klass).tally", ...ofRounds(theirsMs), unit: 'ms' },
    { what: "  ours against Sidekiq's API", ...ofRounds(ratios(oursMs, theirsMs)), unit: 'x' },
  ];
}

async function ofMany(size: number): Promise<Figure[]> {
  await using server = await startRedisServer();
  const redis = await filled(server.url, size);
  const slowCommands = await watchSlowLog(redis);
  const reading = await readElsewhere(server.url);
  const slow = await slowCommands();
  redis.disconnect();
  return [
    { what: `count of ${size} jobs by class, held to the bot's budget`, value: reading.tookMs, unit: 'ms' },
    { what: '  memory (RSS) at its most', value: reading.maxRssMb, unit: 'MB', atMost: 250 },
    ...slow,
  ];
}

/** In a process of its own, whose memory is not ours. */
async function readElsewhere(url: string): Promise<{ tookMs: number; maxRssMb: number }> {
  const child = fork(fileURLToPath(new URL('./backlog-child.ts', import.meta.url)), [url]);
  const [message] = await once(child, 'message');
  await once(child, 'exit');
  return message;
}
