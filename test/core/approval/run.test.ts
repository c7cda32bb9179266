import { expect, test } from 'vitest';
import { requestStop } from '../../../src/core/approval/close.ts';
import {
  fail,
  finish,
  halt,
  interrupt,
  recordProgress,
  resume,
  start,
} from '../../../src/core/approval/run.ts';
import { approve } from '../../../src/core/approval/vote.ts';
import { driftOf } from '../../../src/core/drift.ts';
import { fingerprintOfPlan } from '../../../src/core/plan.ts';
import { at, BEN, click, codeOf, next, PLAN, proposed, START_MS } from './cast.ts';

const SOON = at(START_MS + 60_000);
const approved = () => next(approve(proposed(), click(BEN), [], SOON));
const started = (fence = 1) => next(start(approved(), { fence, fresh: PLAN, drift: 'same or less' }, SOON));
const progress = (done: number) => ({ done, planned: 42, atMs: START_MS, note: '' });

test('less than approved starts; more or another kind goes back to the people with votes void', () => {
  const less = { ...PLAN, places: [{ name: 'queue default', count: 3 }] };
  expect(codeOf(start(approved(), { fence: 1, fresh: less, drift: driftOf(PLAN, less) }, SOON))).toBe(
    'moved to executing',
  );
  const more = { ...PLAN, places: [{ name: 'queue default', count: 51 }], cap: 60 };
  const decision = start(approved(), { fence: 1, fresh: more, drift: driftOf(PLAN, more) }, SOON);
  expect(next(decision)).toMatchObject({
    fingerprint: fingerprintOfPlan(more),
    now: {
      state: 'proposed',
      votes: [],
      drift: [
        '51 would be affected, more than the 50 that were agreed at most.',
        'The limit was 50 and is now 60.',
      ],
    },
  });
  expect(decision.entries).toMatchObject([{ what: 'drift' }]);
  expect(codeOf(approve(next(decision), click(BEN), [], SOON))).toBe('another_plan');
  expect(codeOf(approve(next(decision), click(BEN, more), [], SOON))).toBe('moved to approved');
});

test.each([
  ['another target', { target: 'Other' }],
  ['another sidekiq', { sidekiq: 'billing' }],
  ['other parameters', { parameters: { queues: [] } }],
  ['a place that was not there', { places: [{ name: 'queue low', count: 1 }] }],
  ['a new side effect', { sideEffects: ['A lock stays.'] }],
  ['a later cut-off', { cutOffMs: START_MS + 1 }],
  ['no cut-off', { cutOffMs: null }],
  ['no way back', { undo: 'It cannot be undone.' }],
])('%s is a drift', (_, changes) => {
  expect(driftOf(PLAN, { ...PLAN, ...changes })).not.toBe('same or less');
});

test('what was approved is not started after its time, nor when the settings forbid it by then', () => {
  const how = { fence: 1, fresh: PLAN, drift: 'same or less' } as const;
  expect(codeOf(start(approved(), how, at(START_MS + 6 * 60_000)))).toBe('expired');
  expect(codeOf(start(approved(), how, at(START_MS + 61_000, { isForbidden: true })))).toBe(
    'moved to failed',
  );
});

test('progress beyond the cap is refused, so that the step that would exceed it is not made durable', () => {
  expect(codeOf(recordProgress(started(), { fence: 1, progress: progress(50) }, SOON))).toBe(
    'moved to executing',
  );
  expect(codeOf(recordProgress(started(), { fence: 1, progress: progress(51) }, SOON))).toBe('beyond_cap');
});

test('a bot that lost its lease can write nothing more', () => {
  const taken = next(interrupt(started(1), { fence: 2, why: 'its bot is gone' }, SOON));
  const resumed = next(resume(taken, { fence: 2 }, SOON));
  for (const decision of [
    recordProgress(resumed, { fence: 1, progress: progress(1) }, SOON),
    finish(resumed, { fence: 1, result: '' }, SOON),
    fail(resumed, { fence: 1, reason: '' }, SOON),
    interrupt(resumed, { fence: 1, why: '' }, SOON),
    resume(taken, { fence: 1 }, SOON),
  ]) {
    expect(codeOf(decision)).toBe('lost_lease');
    expect(decision.entries).toEqual([]);
  }
  expect(codeOf(finish(resumed, { fence: 2, result: '42 archived' }, SOON))).toBe('moved to done');
});

test('a wish to stop outlives an interruption, and only a wish to stop makes it stopped', () => {
  expect(codeOf(halt(started(), { fence: 1, result: '' }, SOON))).toBe('not_asked');
  const stopping = next(requestStop(started(), click(BEN), SOON));
  if (stopping.now.state !== 'executing') throw new Error(stopping.now.state);
  expect(codeOf(requestStop(stopping, click(BEN), SOON))).toBe('already_stopping');
  const interrupted = next(interrupt(stopping, { fence: 1, why: 'SIGTERM' }, SOON));
  const resumed = next(resume(interrupted, { fence: 2 }, SOON));
  expect(next(halt(resumed, { fence: 2, result: '7 of 42 archived' }, SOON)).now).toMatchObject({
    state: 'stopped',
    stop: { person: BEN.identity },
  });
});
