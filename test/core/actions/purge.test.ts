import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { purge } from '../../../src/core/actions/purge.ts';
import type { ClassFound } from '../../../src/core/actions/purge-found.ts';
import { fingerprintOfPlan, type Plan, plannedCount, readPlan } from '../../../src/core/plan.ts';
import type { ClassPolicy } from '../../../src/core/policy.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import { HOUR_MS, NOW_MS } from '../../snapshots.ts';
import { aClassFound } from './purge-founds.ts';

const PILL = 'Recurring::DisasterJob';

function planOf(
  found: Partial<ClassFound> = {},
  { jobClass = PILL, queues = [], classes = new Map() }: Asked = {},
) {
  const parameters = purge.parameters.parse({ jobClass, queues });
  return purge.plan(parameters, { found: aClassFound(found), classes }, NOW_MS);
}

type Asked = {
  readonly jobClass?: string;
  readonly queues?: readonly string[];
  readonly classes?: ReadonlyMap<string, ClassPolicy>;
};

function planned(found: Partial<ClassFound> = {}, asked: Asked = {}): Plan {
  const plan = planOf(found, asked);
  if ('type' in plan) throw new Error(`refused: ${plan.code}`);
  return plan;
}

function refused(found: Partial<ClassFound> = {}, asked: Asked = {}) {
  const plan = planOf(found, asked);
  if (!('type' in plan)) throw new Error('planned');
  return { code: plan.code, words: `${plainText(plan.reason)} ${plainText(plan.remedy)}` };
}

function policy(overrides: Partial<ClassPolicy> = {}): ClassPolicy {
  return {
    isRecurring: false,
    isProtected: false,
    owner: undefined,
    note: undefined,
    required: undefined,
    ...overrides,
  };
}

function marks(overrides: Partial<ClassFound['marks']>): ClassFound['marks'] {
  return { ...aClassFound().marks, ...overrides };
}

function wordsOf(plan: Plan): string {
  const { headline, details } = purge.describe(plan);
  return [headline, ...details].map(plainText).join('\n');
}

test('a plan is bound to class, places, cut-off and number, and can be stored', () => {
  const plan = planned();
  expect(plan).toMatchObject({
    action: 'purge',
    sidekiq: 'payroll',
    target: PILL,
    jobClass: PILL,
    places: [{ name: 'queue critical', count: 25 }],
    cutOffMs: NOW_MS,
    cap: 50,
    sideEffects: [],
    parameters: { jobClass: PILL, queues: [], sweepMs: 900_000 },
  });
  expect(readPlan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
});

describe('the cap', () => {
  test.each([
    ['a few more than were seen', {}, 50],
    ['and one for each thread that runs it', { running: { threads: 9, processes: 3 } }, 59],
    ['five of a hundred of many', { places: [{ name: 'queue critical', count: 100_000 }] }, 105_000],
    [
      'and all that was not read, when the time ran out',
      { exactness: { isExact: false, isSearchComplete: true, readCount: 1000, knownCount: 9000 } },
      8050,
    ],
    [
      'never less because a list has shrunk meanwhile',
      { exactness: { isExact: false, isSearchComplete: false, readCount: 90, knownCount: 80 } },
      50,
    ],
  ])('%s', (_, found, cap) => {
    expect(planned(found).cap).toBe(cap);
  });

  test('of the approved plan holds when it is made again', () => {
    const parameters = purge.parameters.parse({ jobClass: PILL, queues: [] });
    const seen = { found: aClassFound(), classes: new Map(), approved: { cap: 31 } };
    expect(purge.plan(parameters, seen, NOW_MS)).toMatchObject({ cap: 31 });
  });
});

describe('side effects are counted', () => {
  test.each([
    [
      { batchJobs: 12, batches: { count: 3, isAtLeast: false } },
      'Batches: 12 jobs belong to 3 batches, which will not finish',
    ],
    [
      { batchJobs: 30_000, batches: { count: 20_000, isAtLeast: true } },
      'Batches: 30,000 jobs belong to at least 20,000 batches',
    ],
    [{ uniqueJobs: 1 }, 'Unique locks (Enterprise): 1 job holds a lock'],
    [{ lockDigests: { count: 2, isAtLeast: false } }, 'Unique locks (sidekiq-unique-jobs): 2 locks stay'],
  ])('%j', (found, expected) => {
    const [effect] = planned({ marks: marks(found) }).sideEffects;
    expect(effect).toContain(expected);
  });

  test.each([
    [
      { of: 'any key', policy: 'allkeys-lru' } as const,
      'jobs among them. Where that happens meanwhile the purge stops',
    ],
    [{ of: 'keys that expire', policy: 'volatile-lru' } as const, 'the notes of a purge among it'],
  ])('a Redis that evicts is named before anybody agrees: %j', (eviction, expected) => {
    expect(planned({ eviction }).sideEffects).toEqual([expect.stringContaining(expected)]);
  });

  test('all mail is said to be all mail', () => {
    const plan = planned({}, { jobClass: 'ActionMailer::MailDeliveryJob' });
    expect(plan.sideEffects[0]).toContain('every mail of the application');
  });
});

describe('will it come back?', () => {
  const cron = { name: 'nightly', cron: '0 2 * * *', isEnabled: true };
  test.each([
    [{}, 'Will it come back? Nothing was seen that would bring it back.'],
    [{ cron: [cron] }, 'Yes: sidekiq-cron enqueues it by “nightly” (0 2 * * *).'],
    [{ cron: [{ ...cron, isEnabled: false }] }, '1 sidekiq-cron entry for it is disabled.'],
    [{ running: { threads: 4, processes: 2 } }, 'Yes: 4 threads run it now'],
    [
      { places: [{ name: 'private lists of workers that may live', count: 3 }] },
      'Yes: 3 lie in private lists, which dying workers give back.',
    ],
    [{ hasLeader: true }, 'whether one of its periodic jobs enqueues it can’t be seen'],
  ])('%j', (found, expected) => {
    expect(wordsOf(planned(found))).toContain(expected);
  });
});

describe('what helps to decide', () => {
  test.each([
    ['age', {}, {}, 'Created from 2026-11-23 02:14 UTC (1 h ago) to 2026-11-23 03:13 UTC (60 s ago).'],
    ['a few jids', {}, {}, 'To look up: jid dc47833ad68fcf420726d23d.'],
    ['a class that the settings don’t know', {}, {}, 'The settings don’t know this class'],
    [
      'what they know',
      {},
      { classes: new Map([[PILL, policy({ isRecurring: true, owner: '@payroll', note: 'safe' })]]) },
      'Owner: @payroll. It is recurring: enqueued again by itself, so little is lost. Note: safe',
    ],
    [
      'what is left alone',
      { leftAlone: { later: 3, undated: 2, unreadable: 1, inUnknownLists: 4 } },
      {},
      'Left alone, and not counted above: 3 created after the plan was made; 2 that don’t say when they were created; 1 that can’t be parsed; 4 in lists of a fetcher that is not known.',
    ],
    [
      'a count that is not exact',
      { exactness: { isExact: false, isSearchComplete: false, readCount: 10, knownCount: 5000 } },
      {},
      'The number is “at least”: 10 of 5,000 entries were read in under 1 s. The search for private lists is still under way. What counts is the limit',
    ],
    ['progress of iterable jobs', { marks: marks({ iterable: { count: 2, of: 25 } }) }, {}, '2 of 25 jobs'],
    ['ciphertext', { marks: marks({ encrypted: 2 }) }, {}, '2 jobs have encrypted arguments'],
    ['the queues', {}, { queues: ['critical'] }, `purge ${PILL} from critical`],
  ] as const)('%s', (_, found, asked, expected) => {
    expect(wordsOf(planned(found, asked))).toContain(expected);
  });

  test('the message says what goes, how long it looks on, and what stays', () => {
    const words = wordsOf(planned());
    expect(words).toContain(
      `Every job of ${PILL} that was created before 2026-11-23 03:14 UTC goes, in every place, each archived before it leaves Redis. Jobs of other classes and the dead set are left alone.`,
    );
    expect(words).toContain('For 15 min after the last pass it goes on looking');
  });
});

describe('refused', () => {
  test.each([
    ['Sidekiq::Batch::Callback', 'sidekiqs_own_class'],
    ['::Sidekiq::Batch::Empty', 'sidekiqs_own_class'],
    ['Sidekiq::Extensions::DelayedClass', 'sidekiqs_own_class'],
    ['Sidekiq::ActiveJob::Wrapper', 'wrapper_class'],
    ['ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper', 'wrapper_class'],
  ])('%s', (jobClass, expected) => {
    expect(refused({}, { jobClass }).code).toBe(expected);
  });

  test.each([
    ['the class itself', 'PayrollRunJob', 'PayrollRunJob'],
    ['the same from the root', 'PayrollRunJob', '::PayrollRunJob'],
    ['a mail by its mailer', 'PayslipMailer', 'PayslipMailer#monthly'],
    ['a mail by the class that carries it', 'ActionMailer::MailDeliveryJob', 'PayslipMailer#monthly'],
    ['all mail, while one kind is protected', 'PayslipMailer#monthly', 'ActionMailer::MailDeliveryJob'],
  ])('what is protected: %s', (_, name, jobClass) => {
    const classes = new Map([[name, policy({ isProtected: true, note: 'pays people' })]]);
    const { code, words } = refused({}, { jobClass, classes });
    expect(code).toBe('protected');
    expect(words).toContain(`protect ${name}`);
    expect(words).toContain('pays people');
  });

  test('a class of which nothing waits, with where it was looked and what is like it', () => {
    const { code, words } = refused({ places: [] }, { jobClass: 'Recuring::DisasterJob' });
    expect(code).toBe('nothing_to_purge');
    expect(words).toContain('I looked at all 80 entries of 2 queues');
    expect(words).toContain('Did you mean Recurring::DisasterJob?');
  });

  test('a class of which nothing was found in the time that there was: it may wait further on, and how to get there', () => {
    const exactness = { isExact: false, isSearchComplete: true, readCount: 1284, knownCount: 302_000 };
    const { words } = refused({ places: [], exactness }, { jobClass: 'Recuring::DisasterJob' });
    expect(words).not.toContain('Nothing to purge');
    expect(words).toContain('was found yet, and some may wait in what is not read');
    expect(words).toContain('1,284 of 302,000 entries');
    expect(words).toContain('Did you mean Recurring::DisasterJob?');
    expect(words).toContain('Name its queue with --queue, and only that one is read');
    const narrow = refused({ places: [], exactness }, { jobClass: 'Else', queues: ['critical'] });
    expect(narrow.words).toContain('Ask again when Redis is less busy.');
  });

  test('a class that only runs, since no purge stops it', () => {
    const { words } = refused({ places: [], running: { threads: 4, processes: 2 } });
    expect(words).toContain('4 threads run it now, which no purge can stop.');
  });

  test('a queue that is not there, with the name that was meant', () => {
    const { code, words } = refused({}, { queues: ['critcal'] });
    expect(code).toBe('unknown_queue');
    expect(words).toContain('Did you mean critical?');
  });
});

describe('drift', () => {
  const approved = planned({ places: [{ name: 'queue critical', count: 100 }] });
  const again = (found: Partial<ClassFound>): Plan => ({ ...planned(found), cap: approved.cap });

  test.each([
    ['fewer', { places: [{ name: 'queue critical', count: 3 }] }],
    ['the same jobs in other places', { places: [{ name: 'retry set', count: 110 }] }],
    ['running threads', { running: { threads: 7, processes: 2 } }],
  ])('none: %s', (_, found) => {
    expect(purge.drift(approved, again(found))).toBe('same or less');
  });

  test.each([
    [
      'more than the cap',
      { places: [{ name: 'queue critical', count: 126 }] },
      '126 would be affected, more than the 125 that were agreed at most.',
    ],
    [
      'batches that nobody was told of',
      { marks: marks({ batchJobs: 1, batches: { count: 1, isAtLeast: false } }) },
      'New: Batches:',
    ],
    ['a later cut-off', { cutOffMs: NOW_MS + HOUR_MS }, 'created after the time that was agreed'],
  ])('%s', (_, found, expected) => {
    expect(purge.drift(approved, again(found))).toEqual([expect.stringContaining(expected)]);
  });

  test('more of a side effect that was agreed to is none', () => {
    const one = { marks: marks({ batchJobs: 1, batches: { count: 1, isAtLeast: false } }) };
    const two = { marks: marks({ batchJobs: 3, batches: { count: 2, isAtLeast: false } }) };
    expect(purge.drift(planned(one), planned(two))).toBe('same or less');
  });
});

test('whatever was found, a plan can be stored, is bounded, and does not drift from itself', () => {
  const amount = fc.nat({ max: 10_000_000 });
  const anyFound = fc.record({
    places: fc.array(
      fc.record({ name: fc.constantFrom('queue a', 'retry set', 'queue `b`'), count: amount }),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    running: fc.record({ threads: amount, processes: amount }),
    exactness: fc.record({
      isExact: fc.boolean(),
      isSearchComplete: fc.boolean(),
      readCount: amount,
      knownCount: amount,
    }),
    leftAlone: fc.record({ later: amount, undated: amount, unreadable: amount, inUnknownLists: amount }),
  });
  fc.assert(
    fc.property(anyFound, (found) => {
      const plan = planned(found);
      expect(fingerprintOfPlan(plan)).toMatch(/^[0-9a-f]{64}$/);
      expect(readPlan.safeParse(plan).success).toBe(true);
      expect(plan.cap).toBeGreaterThan(plannedCount(plan));
      expect(purge.drift(plan, plan)).toBe('same or less');
    }),
  );
});
