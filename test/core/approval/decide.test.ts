import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, type ProposalEvent } from '../../../src/core/approval/decide.ts';
import type { Decision } from '../../../src/core/approval/decision.ts';
import { isSamePerson, type PersonFacts } from '../../../src/core/approval/person.ts';
import { encodeProposal, isOpen, type Proposal, parseProposal } from '../../../src/core/approval/proposal.ts';
import { propose } from '../../../src/core/approval/propose.ts';
import type { ApprovalRules } from '../../../src/core/approval/rules.ts';
import { driftOf } from '../../../src/core/drift.ts';
import { ANN, at, next, PLAN, request, START_MS, someone } from './cast.ts';

/** Few ids, so that disguises and repeats are common. */
const anyone: fc.Arbitrary<PersonFacts> = fc
  .record({
    userId: fc.constantFrom('UANN', 'UBEN', 'UCEM', 'UDEE', 'EANN'),
    enterpriseUserId: fc.constantFrom(null, null, 'EANN', 'EBEN'),
    groupIds: fc.subarray(['SONCALL', 'SLEADS', 'SPAYROLL']),
    flags: fc.constantFrom(
      {},
      {},
      {},
      {},
      { isGuest: true },
      { isBot: true },
      { isOutsider: true },
      { isDeactivated: true },
    ),
  })
  .map(({ userId, enterpriseUserId, groupIds, flags }) =>
    someone(userId, groupIds, { ...flags, identity: { userId, enterpriseUserId, name: userId } }),
  );

const anyPlan = fc
  .record({ count: fc.nat(80), cap: fc.nat(80), target: fc.constantFrom(PLAN.target, PLAN.target, 'Other') })
  .map(({ count, cap, target }) => ({ ...PLAN, target, cap, places: [{ name: 'queue default', count }] }));

const fence = fc.constantFrom(1, 1, 1, 1, 2, 3);
const isGoodButton = fc.constantFrom(true, true, true, false);

/** An event of any kind; the button's fingerprint is filled in when the proposal is known. */
type Draft = (proposal: Proposal) => ProposalEvent;
const by = fc.tuple(anyone, fc.constantFrom('known', 'known', 'known', 'unknown'), isGoodButton);
const clicked = (proposal: Proposal, [facts, asked, isGood]: readonly [PersonFacts, string, boolean]) => ({
  person: facts.identity,
  facts: asked === 'known' ? facts : ('unknown' as const),
  fingerprint: isGood ? proposal.fingerprint : 'forged',
});
const earlier = fc.oneof(fc.array(anyone, { maxLength: 6 }), fc.constant('unknown' as const));

const anyEvent: fc.Arbitrary<Draft> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(by, earlier).map(
      ([who, voters]): Draft =>
        (p) => ({ type: 'approve', by: clicked(p, who), earlier: voters }),
    ),
  },
  by.map(
    (who): Draft =>
      (p) => ({ type: 'deny', by: clicked(p, who), reason: 'no' }),
  ),
  by.map(
    (who): Draft =>
      (p) => ({ type: 'cancel', by: clicked(p, who) }),
  ),
  by.map(
    (who): Draft =>
      (p) => ({ type: 'stop', by: clicked(p, who) }),
  ),
  fc.constant<Draft>(() => ({ type: 'expire' })),
  {
    weight: 4,
    arbitrary: fc.tuple(fence, fc.oneof(fc.constant(PLAN), anyPlan)).map(
      ([n, fresh]): Draft =>
        (p) => ({ type: 'start', fence: n, fresh, drift: driftOf(p.plan, fresh) }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fence, fc.nat(80)).map(
      ([n, done]): Draft =>
        () => ({ type: 'progress', fence: n, progress: { done, planned: 42, atMs: 0, note: '' } }),
    ),
  },
  fence.map(
    (n): Draft =>
      () => ({ type: 'finish', fence: n, result: 'done' }),
  ),
  fence.map(
    (n): Draft =>
      () => ({ type: 'halt', fence: n, result: 'halted' }),
  ),
  fence.map(
    (n): Draft =>
      () => ({ type: 'fail', fence: n, reason: 'broken' }),
  ),
  fence.map(
    (n): Draft =>
      () => ({ type: 'interrupt', fence: n, why: 'gone' }),
  ),
  fence.map(
    (n): Draft =>
      () => ({ type: 'resume', fence: n }),
  ),
);

const changedRules: fc.Arbitrary<Partial<ApprovalRules>> = fc.record({
  required: fc.integer({ min: 1, max: 3 }),
  approvers: fc.constantFrom(
    [{ ids: ['SLEADS', 'UDEE'], required: 1 }],
    [
      { ids: ['SLEADS'], required: 1 },
      { ids: ['SPAYROLL'], required: 1 },
    ],
    [],
  ),
  isForbidden: fc.constantFrom(false, false, false, true),
});

/** Mostly those of the settings, so that stories come far. */
const anyRules = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, changedRules);

const anyStory = fc.array(
  fc.record({ draft: anyEvent, rules: anyRules, waitMs: fc.constantFrom(0, 1000, 4 * 60_000) }),
  {
    minLength: 1,
    maxLength: 30,
    size: 'max',
  },
);

type Step = {
  readonly before: Proposal;
  readonly event: ProposalEvent;
  readonly decision: Decision;
  readonly rules: Partial<ApprovalRules>;
  readonly nowMs: number;
};

/** Plays random events of random people under rules that change, from a sound proposal of Ann's. */
function play(
  story: readonly { draft: Draft; rules: Partial<ApprovalRules>; waitMs: number }[],
): readonly Step[] {
  const person = { ...ANN.identity, enterpriseUserId: 'EANN' };
  let proposal: Proposal = next(
    propose(request({ person, facts: { ...ANN, identity: person } }), at(START_MS)),
  );
  let nowMs = START_MS;
  return story.map(({ draft, rules, waitMs }) => {
    nowMs += waitMs;
    const event = draft(proposal);
    const decision = decide(proposal, event, at(nowMs, rules));
    const step = { before: proposal, event, decision, rules, nowMs };
    if (decision.type === 'moved') proposal = decision.next;
    return step;
  });
}

function moves(steps: readonly Step[]) {
  return steps.flatMap((step) =>
    step.decision.type === 'moved' ? [{ ...step, after: step.decision.next }] : [],
  );
}

const RUNS = { numRuns: 3000 };

test('two people: whatever happens, nothing is approved without enough others who may, and never by the requester', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { before, event, after, rules } of moves(play(story))) {
        if (after.now.state === 'approved') {
          const { votes } = after.now.approval;
          expect(event.type).toBe('approve');
          expect(votes.length).toBeGreaterThanOrEqual(Math.max(before.required, rules.required ?? 1));
          expect(votes.some((vote) => isSamePerson(vote.person, after.requester))).toBe(false);
          votes.forEach((vote, index) => {
            expect(votes.slice(0, index).some((other) => isSamePerson(other.person, vote.person))).toBe(
              false,
            );
          });
        }
        if (after.now.state === 'executing' && event.type === 'start')
          expect(before.now.state).toBe('approved');
      }
    }),
    RUNS,
  );
});

test('silence is a no: the unknown, guests, outsiders and bots move nothing, and nobody does after the time', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { before, event, decision, nowMs } of play(story)) {
        if (!('by' in event)) continue;
        const { facts, fingerprint } = event.by;
        const isBarred =
          facts === 'unknown' ||
          facts.isGuest ||
          facts.isBot ||
          facts.isOutsider ||
          facts.isDeactivated ||
          fingerprint !== before.fingerprint;
        const isLate =
          event.type === 'approve' && before.now.state === 'proposed' && nowMs >= before.now.expiresAtMs;
        if (isBarred || isLate) expect(decision.type).toBe('refused');
      }
    }),
    RUNS,
  );
});

test('nothing runs that was not shown: a start has the approved plan or less, and progress stays within its cap', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { before, event, after } of moves(play(story))) {
        if (event.type === 'start' && after.now.state === 'executing') {
          expect(driftOf(before.plan, event.fresh)).toBe('same or less');
        }
        if (after.now.state === 'executing' && after.now.progress !== null) {
          expect(after.now.progress.done).toBeLessThanOrEqual(after.plan.cap);
        }
        const isNewPlan = after.fingerprint !== before.fingerprint;
        if (isNewPlan) expect(after.now).toMatchObject({ state: 'proposed', votes: [] });
      }
    }),
    RUNS,
  );
});

test('no record, no deed: every move has a record, and so has every refusal to a person', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { event, decision } of play(story)) {
        const isTold = decision.type === 'moved' || 'by' in event;
        expect(decision.entries.length > 0).toBe(isTold);
        if (decision.type === 'refused') expect(decision.refusal.reason.length).toBeGreaterThan(0);
      }
    }),
    RUNS,
  );
});

test('repeats do nothing: what ended stays as it is, and the same vote again is refused', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { before, event, decision, rules, nowMs } of play(story)) {
        if (!isOpen(before)) expect(decision.type).toBe('refused');
        if (decision.type === 'refused' || event.type === 'progress') continue;
        expect(decision.next.version).toBe(before.version + 1);
        if (event.type === 'start' && decision.next.now.state === 'proposed') continue;
        const again = decide(decision.next, event, at(nowMs, rules));
        expect(again.type).toBe('refused');
      }
    }),
    RUNS,
  );
});

test('every state that can be reached is read back as it was written', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { after } of moves(play(story))) expect(parseProposal(encodeProposal(after))).toEqual(after);
    }),
    { numRuns: 500 },
  );
});

test('the random stories reach every state', () => {
  const reached = new Set(
    fc
      .sample(anyStory, { numRuns: 3000, seed: 1 })
      .flatMap((story) => moves(play(story)).map(({ after }) => after.now.state)),
  );
  expect([...reached].sort()).toEqual([
    'approved',
    'cancelled',
    'denied',
    'done',
    'executing',
    'expired',
    'failed',
    'interrupted',
    'proposed',
    'stopped',
  ]);
});
