import fc from 'fast-check';
import { expect, test } from 'vitest';
import { healthAnswer } from '../../../src/core/health/answer.ts';
import { assess, type Verdict } from '../../../src/core/health/assess.ts';
import { sampleOf } from '../../../src/core/health/sample.ts';
import type { Snapshot } from '../../../src/core/sidekiq/snapshot.ts';
import { printReply } from '../../../src/terminal/print.ts';
import { aJobSet, aPolicy, aPrivateList, aProcess, aQueue, aSnapshot, NOW_MS } from '../../snapshots.ts';

const count = fc.oneof(fc.nat(20), fc.nat(1_000_000));
const lengthMs = fc.integer({ min: -5000, max: 40 * 86_400_000 });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const queueName = fc.constantFrom(
  'default',
  'mailers',
  'within_5_minutes',
  '__proto__',
  'x'.repeat(300),
  '\u001b[2J',
);
const jobClass = fc.constantFrom('Recurring::DisasterJob', 'Payroll::SyncJob', '<!channel>', '`a`');

const queue = fc
  .record({ name: queueName, size: count, latencyMs: lengthMs, isPaused: fc.boolean() })
  .map(({ name, ...rest }) => aQueue(name, rest));

const process = fc
  .record({
    identity: fc.constantFrom('a:1:x', 'b:1:y', 'c:1:z', 'd:2:w'),
    state: fc.constantFrom('alive' as const, 'silent' as const, 'dead' as const),
    concurrency: maybe(fc.nat(50)),
    busy: fc.nat(60),
    isQuiet: fc.boolean(),
    startedAtMs: maybe(lengthMs.map((ms) => NOW_MS - ms)),
    beatAtMs: maybe(lengthMs.map((ms) => NOW_MS - ms)),
    queues: fc.array(queueName, { maxLength: 3 }),
  })
  .map(({ identity, ...rest }) => aProcess(identity, rest));

const work = fc.record({
  identity: fc.constantFrom('a:1:x', 'b:1:y', 'gone:1:q'),
  threadId: fc.constant('t'),
  queue: queueName,
  jobClass: maybe(jobClass),
  jid: fc.constant('1'),
  runAtMs: maybe(lengthMs.map((ms) => NOW_MS - ms)),
});

const jobSet = fc
  .record({
    size: count,
    due: count,
    addedLastHour: count,
    lowestScoreMs: maybe(lengthMs.map((ms) => NOW_MS - ms)),
  })
  .map(({ size, ...rest }) => aJobSet(size, rest));

const redis = fc
  .record({
    usedMemoryBytes: maybe(fc.nat(2 ** 31 - 1)),
    maxMemoryBytes: maybe(fc.nat(2 ** 31 - 1)),
    maxMemoryPolicy: maybe(fc.constantFrom('noeviction', 'allkeys-lru')),
    pingMs: fc.nat(2000),
    role: fc.constantFrom('master' as const, 'replica' as const, 'unknown' as const),
  })
  .map((changes) => ({ ...aSnapshot().redis, ...changes }));

const counters = fc.record({ processed: count, failed: count, processedToday: count, failedToday: count });

const situation: fc.Arbitrary<Partial<Snapshot>> = fc.record({
  takenAtMs: fc.integer({ min: NOW_MS - 900_000, max: NOW_MS }),
  queues: fc.uniqueArray(queue, { maxLength: 5, selector: ({ name }) => name }),
  processes: fc.uniqueArray(process, { maxLength: 4, selector: ({ identity }) => identity }),
  works: fc.array(work, { maxLength: 40 }),
  retrySet: jobSet,
  scheduledSet: jobSet,
  deadSet: jobSet,
  counters,
  redis,
  privateLists: fc.array(
    fc
      .record({
        size: count,
        ownerState: fc.constantFrom('alive' as const, 'dead' as const, 'unknown' as const),
      })
      .map((changes) => aPrivateList(changes)),
    { maxLength: 4 },
  ),
});

const history = fc.array(situation, { minLength: 1, maxLength: 6 });

const RANK: Readonly<Record<Verdict, number>> = { healthy: 0, degraded: 1, incident: 2 };

function judge(past: readonly Partial<Snapshot>[]) {
  const snapshots = past.map((changes) => aSnapshot(changes));
  return assess(snapshots.at(-1) ?? aSnapshot(), snapshots.map(sampleOf), aPolicy());
}

test('whatever is read, there is a verdict, in words without a broken number', () => {
  fc.assert(
    fc.property(history, (past) => {
      const answer = healthAnswer(judge(past), []);
      const words = printReply(answer, { width: 80, hasColour: false });
      expect(words).not.toMatch(/NaN|Infinity|undefined|null|\[object/);
      expect(JSON.parse(JSON.stringify(answer.data))).toEqual(answer.data);
    }),
    { numRuns: 400 },
  );
});

test('one more queue that stands still never makes a sidekiq look healthier', () => {
  const stoppedQueue = fc.record({
    size: fc.integer({ min: 1, max: 500_000 }),
    waitedMs: fc.integer({ min: 1000, max: 86_400_000 }),
  });
  fc.assert(
    fc.property(history, stoppedQueue, (past, { size, waitedMs }) => {
      const atMs = past.at(-1)?.takenAtMs ?? NOW_MS;
      const worse = past.map((changes) => {
        const latencyMs = waitedMs - (atMs - (changes.takenAtMs ?? NOW_MS));
        const added = aQueue('stopped', { size, latencyMs: Math.max(0, latencyMs) });
        return { ...changes, queues: [...(changes.queues ?? []), added] };
      });
      expect(RANK[judge(worse).verdict]).toBeGreaterThanOrEqual(RANK[judge(past).verdict]);
    }),
    { numRuns: 400 },
  );
});

test('an incident has a bad reason, a healthy sidekiq none at all, and the worst comes first', () => {
  fc.assert(
    fc.property(history, (past) => {
      const { verdict, reasons } = judge(past);
      expect(verdict === 'healthy').toBe(reasons.length === 0);
      expect(verdict === 'incident').toBe(reasons[0]?.tone === 'bad');
      const tones = reasons.map(({ tone }) => tone);
      expect(tones).toEqual(tones.toSorted());
    }),
  );
});
