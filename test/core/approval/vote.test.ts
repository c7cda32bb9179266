import { expect, test } from 'vitest';
import { cancel, expire, requestStop } from '../../../src/core/approval/close.ts';
import { propose } from '../../../src/core/approval/propose.ts';
import { approve, deny } from '../../../src/core/approval/vote.ts';
import {
  ANN,
  at,
  BEN,
  CEM,
  click,
  codeOf,
  next,
  PLAN,
  proposed,
  request,
  START_MS,
  someone,
} from './cast.ts';

const SOON = at(START_MS + 60_000);

test('one approver besides the requester makes it approved, with the time by which it must start', () => {
  const decision = approve(proposed(), click(BEN), [], SOON);
  expect(next(decision)).toMatchObject({
    version: 2,
    now: {
      state: 'approved',
      approval: { votes: [{ person: BEN.identity }], executeByMs: START_MS + 6 * 60_000 },
    },
  });
  expect(decision.entries.map((entry) => entry.what)).toEqual(['vote', 'approved']);
});

test.each([
  ['as an admin of both groups', someone('UANN', ['SONCALL', 'SLEADS'])],
  [
    'through another workspace of the enterprise',
    someone('W777', ['SLEADS'], {
      identity: { userId: 'W777', enterpriseUserId: 'EANN', name: 'Ann' },
    }),
  ],
  [
    'with the enterprise id as user id',
    someone('EANN', ['SLEADS'], { identity: { userId: 'EANN', enterpriseUserId: null, name: 'Ann' } }),
  ],
])('the requester does not count %s', (_, disguise) => {
  const person = { userId: 'UANN', enterpriseUserId: 'EANN', name: 'Ann' };
  const proposal = next(propose(request({ person, facts: { ...ANN, identity: person } }), at(START_MS)));
  const decision = approve(proposal, click(disguise), [], SOON);
  expect(codeOf(decision)).toBe('own_proposal');
  expect(decision.entries).toMatchObject([{ what: 'refused', why: 'own_proposal', proposalId: 'p1' }]);
});

test.each([
  ['a guest', { ...BEN, isGuest: true }, 'not_eligible'],
  ['an outsider', { ...BEN, isOutsider: true }, 'not_eligible'],
  ['a bot', { ...BEN, isBot: true }, 'not_eligible'],
  ['a deactivated account', { ...BEN, isDeactivated: true }, 'not_eligible'],
  ['somebody who left the approvers after it was proposed', someone('UBEN'), 'not_an_approver'],
])('%s does not count', (_, facts, code) => {
  expect(codeOf(approve(proposed(), click(facts), [], SOON))).toBe(code);
  expect(codeOf(deny(proposed(), click(facts), 'no', SOON))).toBe(code);
});

test('when Slack cannot be asked, no click counts', () => {
  const unknown = { ...click(BEN), facts: 'unknown' } as const;
  for (const decision of [
    approve(proposed(), unknown, [], SOON),
    approve(proposed(), click(BEN), 'unknown', SOON),
    deny(proposed(), unknown, 'no', SOON),
    cancel(proposed(), { ...click(ANN), facts: 'unknown' }, SOON),
    requestStop(proposed(), unknown, SOON),
  ]) {
    expect(codeOf(decision)).toBe('slack_unknown');
  }
});

test('a forged or old button does not count', () => {
  const forged = { ...click(BEN), fingerprint: 'f'.repeat(64) };
  expect(codeOf(approve(proposed(), forged, [], SOON))).toBe('another_plan');
  expect(codeOf(approve(proposed(), click(BEN, { ...PLAN, cap: 51 }), [], SOON))).toBe('another_plan');
});

test('one person who agrees twice is one person', () => {
  const once = next(approve(proposed({ required: 2 }), click(BEN), [], SOON));
  expect(codeOf(approve(once, click(BEN), [BEN], SOON))).toBe('already_voted');
  expect(codeOf(approve(once, click(CEM), [BEN], SOON))).toBe('moved to approved');
});

test('one person of whom Slack tells twice is one person', () => {
  const once = next(approve(proposed({ required: 3 }), click(BEN), [], SOON));
  expect(codeOf(approve(once, click(CEM), [BEN, BEN], SOON))).toBe('moved to proposed');
});

test('who agreed and then left the approvers is counted no more', () => {
  const once = next(approve(proposed({ required: 2 }), click(BEN), [], SOON));
  expect(codeOf(approve(once, click(CEM), [someone('UBEN')], SOON))).toBe('moved to proposed');
  expect(codeOf(approve(once, click(CEM), [], SOON))).toBe('moved to proposed');
});

test('settings that became stricter hold for what is on the table, laxer ones do not', () => {
  const stricter = at(START_MS + 1, { required: 2 });
  expect(codeOf(approve(proposed(), click(BEN), [], stricter))).toBe('moved to proposed');
  const laxer = approve(proposed({ required: 2 }), click(BEN), [], SOON);
  expect(codeOf(laxer)).toBe('moved to proposed');
  expect(codeOf(approve(proposed(), click(BEN), [], at(START_MS + 1, { isForbidden: true })))).toBe(
    'forbidden',
  );
});

test('a click at or after the time does not count, and the clock then marks it', () => {
  const dueMs = START_MS + 15 * 60_000;
  expect(codeOf(approve(proposed(), click(BEN), [], at(dueMs - 1)))).toBe('moved to approved');
  expect(codeOf(approve(proposed(), click(BEN), [], at(dueMs)))).toBe('expired');
  expect(codeOf(deny(proposed(), click(BEN), 'no', at(dueMs)))).toBe('expired');
  expect(codeOf(expire(proposed(), at(dueMs - 1)))).toBe('not_yet');
  expect(next(expire(proposed(), at(dueMs))).now).toMatchObject({ state: 'expired', awaited: 'approval' });
});

test('one denial ends it, with its reason', () => {
  expect(codeOf(deny(proposed(), click(BEN), ' ', SOON))).toBe('no_reason');
  const denied = next(deny(proposed(), click(BEN), 'wait for the fix', SOON));
  expect(denied.now).toMatchObject({ state: 'denied', reason: 'wait for the fix' });
  const late = approve(denied, click(CEM), [], SOON);
  expect(codeOf(late)).toBe('already_decided');
  expect(codeOf(approve(denied, click({ ...CEM, isGuest: true }), [], SOON))).toBe('not_eligible');
});

test('only the requester takes it back', () => {
  expect(codeOf(cancel(proposed(), click(BEN), SOON))).toBe('not_the_requester');
  expect(codeOf(cancel(proposed(), click(ANN), SOON))).toBe('moved to cancelled');
  const approved = next(approve(proposed(), click(BEN), [], SOON));
  expect(codeOf(cancel(approved, click(ANN), SOON))).toBe('moved to cancelled');
});

test('any approver or the requester stops it, others do not', () => {
  const approved = next(approve(proposed(), click(BEN), [], SOON));
  expect(codeOf(requestStop(approved, click(CEM), SOON))).toBe('moved to stopped');
  expect(codeOf(requestStop(approved, click(ANN), SOON))).toBe('moved to stopped');
  expect(codeOf(requestStop(approved, click(someone('UZOE')), SOON))).toBe('not_allowed');
});
