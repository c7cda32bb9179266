import { expect, test } from 'vitest';
import type { Backlog, BacklogRequest } from '../../src/core/sidekiq/backlog.ts';
import { Observer } from '../../src/flow/observe.ts';
import { Watching } from '../../src/flow/watching.ts';
import {
  type ClassFinder,
  type ClassWorkReader,
  type DeathReader,
  RedisUnavailable,
  type RescuedFinder,
  type SidekiqReader,
  type StrandedReader,
  type TraceReader,
} from '../../src/ports/reading.ts';
import { NO_PAST } from '../core/history/weeks.ts';
import { CLOCK, logInto } from '../slack/bot.ts';

/** A reader whose counts end when the test says so. */
function startObserver() {
  const counts: { readonly request: BacklogRequest; readonly settle: PromiseWithResolvers<Backlog> }[] = [];
  const reader: SidekiqReader &
    ClassFinder &
    ClassWorkReader &
    StrandedReader &
    RescuedFinder &
    DeathReader &
    TraceReader = {
    findWaiting: () => Promise.reject(new Error('not asked for here')),
    contentsOf: () => Promise.reject(new Error('not asked for here')),
    findClass: () => Promise.reject(new Error('not asked for here')),
    share: () => 1,
    snapshot: () => Promise.reject(new Error('not asked for here')),
    countBacklog: (request) => {
      const settle = Promise.withResolvers<Backlog>();
      counts.push({ request, settle });
      return settle.promise;
    },
    close: async () => {},
    traces: () => Promise.reject(new Error('not asked for here')),
    classWork: () => Promise.reject(new Error('not asked for here')),
    remains: async () => new Map(),
    jobsIn: async () => new Map(),
  };
  const policy = { name: 'payroll', channels: [], pollMs: 5000, queues: new Map(), classes: new Map() };
  const log = logInto([]);
  const watching = new Watching('payroll', {
    reader,
    store: { evidence: async () => undefined, saveEvidence: async () => {} },
    turns: { tryHold: async () => true, release: async () => {} },
    alerter: undefined,
    recorder: undefined,
    clock: CLOCK,
    log,
  });
  return { observer: new Observer(policy, reader, watching, NO_PAST, CLOCK, log), counts };
}

const COUNTED: Backlog = {
  sidekiq: 'payroll',
  takenAtMs: 0,
  tookMs: 1,
  classes: [],
  notJobs: 0,
  isExact: true,
  readCount: 0,
  knownCount: 0,
};

test('people who ask for the same backlog at the same time share one count', async () => {
  const { observer, counts } = startObserver();
  const asked = [1, 2, 3].map(() => observer.countBacklog({ budgetMs: 8000 }));
  const other = observer.countBacklog({ budgetMs: 8000, queue: 'mailers' });
  expect(counts.map(({ request }) => request.queue)).toEqual([undefined, 'mailers']);
  for (const { settle } of counts) settle.resolve(COUNTED);
  expect(await Promise.all([...asked, other])).toEqual([COUNTED, COUNTED, COUNTED, COUNTED]);
});

test('whoever asks after a count has ended, well or not, gets a new one', async () => {
  const { observer, counts } = startObserver();
  const first = observer.countBacklog({ budgetMs: 8000 });
  counts[0]?.settle.reject(new RedisUnavailable('payroll', 'it went away', undefined));
  await expect(first).rejects.toThrow('it went away');
  const second = observer.countBacklog({ budgetMs: 8000 });
  counts[1]?.settle.resolve(COUNTED);
  expect(await second).toEqual(COUNTED);
});
