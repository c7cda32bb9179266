import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SPAN_MS } from '../src/core/history/sample.ts';
import type { Store } from '../src/ports/store.ts';
import { openStore } from '../src/store/open.ts';
import { type Benchmark, timed } from './benchmark.ts';
import { type Figure, ofRounds } from './figure.ts';
import { aBot } from './history-bot.ts';
import { fillWeeks, fillYear, NOW_MS, SIDEKIQS, sampleAt } from './history-year.ts';

/** Each at another hour, so that nothing was read before. */
const ANSWERS = 20;
const MINUTES = 60;

/** A year of 50 queues: its size, what an answer waits for it, and what a minute costs to write. */
export const history: Benchmark = {
  name: 'history',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'poison-control-history-'));
    const path = join(folder, 'store.sqlite');
    try {
      await using store = await openStore(`sqlite:${path}`);
      const [first = '', ...others] = SIDEKIQS;
      await fillYear(store, first);
      // One sidekiq's year is measured; ten are ten times as much, and as far from each other in the index.
      const { size } = await stat(path);
      for (const sidekiq of others) await fillWeeks(store, sidekiq);
      return [
        {
          what: 'a year of 10 sidekiqs with 50 queues',
          value: (SIDEKIQS.length * size) / 1024 ** 2,
          unit: 'MB',
          atMost: 1024,
        },
        ...(await answers(store, first)),
        {
          what: 'writing a minute, with all it is part of',
          ...ofRounds(await writesMs(store, first)),
          unit: 'ms',
        },
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** What people ask for; all but two while the bot looks every few seconds, as it does whoever asks. */
async function answers(store: Store, sidekiq: string): Promise<readonly Figure[]> {
  type Bot = ReturnType<typeof aBot>;
  const ofOne = ['health', 'backlog'].map((command) => ({
    what: `${command}, nothing of its hour read before`,
    ask: (bot: Bot) => bot.ask(`${command} on ${sidekiq}`),
    isLookedAt: false,
  }));
  const others = [
    { what: 'report', ask: (bot: Bot) => bot.ask(`report on ${sidekiq}`), isLookedAt: true },
    { what: 'health of ten', ask: (bot: Bot) => bot.ask('health'), isLookedAt: true },
    { what: 'Home of ten', ask: (bot: Bot) => bot.home(), isLookedAt: true },
  ];
  const figures: Figure[] = [];
  for (const { what, ask, isLookedAt } of [...ofOne, ...others]) {
    const bot = aBot(store);
    const tookMs: number[] = [];
    for (let answer = 0; answer <= ANSWERS; answer += 1) {
      // The days that are out of the ordinary in every queue.
      bot.at(NOW_MS - (ANSWERS - answer) * SPAN_MS.hour);
      if (isLookedAt) await bot.look();
      const took = await cpuMs(() => ask(bot));
      // The first warms the compiler and does not count.
      if (answer > 0) tookMs.push(took);
    }
    figures.push(
      { what, ...ofRounds(tookMs), unit: 'ms' },
      { what: `${what}, at its worst`, value: Math.max(...tookMs), unit: 'ms', atMost: 100 },
    );
  }
  return figures;
}

/** In CPU time of the one thread that makes answers, whatever else runs; the collector has others. */
async function cpuMs(ask: () => Promise<{ readonly type: string }>): Promise<number> {
  const before = process.threadCpuUsage();
  const { type } = await ask();
  const { user, system } = process.threadCpuUsage(before);
  if (type === 'refusal') throw new Error('nothing was answered');
  return (user + system) / 1000;
}

async function writesMs(store: Store, sidekiq: string): Promise<readonly number[]> {
  const tookMs: number[] = [];
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const sample = sampleAt(NOW_MS + minute * 60_000, 'minute');
    tookMs.push(await timed(() => store.addSample(sidekiq, sample)));
  }
  return tookMs;
}
