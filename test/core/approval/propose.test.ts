import { expect, test } from 'vitest';
import { encodeProposal, parseProposal } from '../../../src/core/approval/proposal.ts';
import { propose } from '../../../src/core/approval/propose.ts';
import { rulesForClass } from '../../../src/core/approval/rules.ts';
import { fingerprintOfPlan } from '../../../src/core/plan.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import {
  ANN,
  at,
  BEN,
  CEM,
  codeOf,
  next,
  PLAN,
  proposed,
  RULES,
  request,
  START_MS,
  someone,
} from './cast.ts';

const NOW = at(START_MS);

test('a proposal holds the plan with its fingerprint, the reason and its clock, and is recorded', () => {
  const decision = propose(request(), NOW);
  const proposal = next(decision);
  expect(proposal).toMatchObject({
    id: 'p1',
    version: 1,
    fingerprint: fingerprintOfPlan(PLAN),
    reason: 'it kills the workers',
    now: { state: 'proposed', expiresAtMs: START_MS + 15 * 60_000 },
  });
  expect(decision.entries).toMatchObject([
    { who: { id: 'UANN' }, what: 'proposed', why: 'it kills the workers', proposalId: 'p1', where: 'C1' },
  ]);
  expect(parseProposal(encodeProposal(proposal))).toEqual(proposal);
});

test('a stored proposal that anybody else touched is not read', () => {
  const text = encodeProposal(proposed());
  expect(parseProposal(text.replace('"required":1', '"required":0'))).toBeUndefined();
  expect(parseProposal(text.replace('{', '{"extra":1,'))).toBeUndefined();
  expect(parseProposal(` ${text}`)).toBeUndefined();
});

test.each([
  ['a guest', { isGuest: true }, 'not_eligible'],
  ['an outsider of a shared channel', { isOutsider: true }, 'not_eligible'],
  ['a bot', { isBot: true }, 'not_eligible'],
  ['a deactivated account', { isDeactivated: true }, 'not_eligible'],
])('%s may not propose, though the groups say otherwise', (_, facts, code) => {
  const decision = propose(request({ facts: { ...ANN, ...facts } }), NOW);
  expect(codeOf(decision)).toBe(code);
  expect(decision.entries).toMatchObject([{ what: 'refused', why: code, proposalId: null }]);
});

test.each([
  ['Slack does not say who is asking', { facts: 'unknown' }, {}, 'slack_unknown'],
  ['Slack does not say who may approve', { approvers: 'unknown' }, {}, 'slack_unknown'],
  ['the person is no requester', { facts: BEN, person: BEN.identity }, {}, 'not_a_requester'],
  ['nobody is named as requester', {}, { requesters: [] }, 'not_a_requester'],
  ['nobody is named as approver', {}, { approvers: [] }, 'no_approvers'],
  ['the settings protect the class', {}, { isForbidden: true }, 'forbidden'],
  ['there is no reason', { reason: '  \n' }, {}, 'no_reason'],
  ['the reason is a novel', { reason: 'x'.repeat(501) }, {}, 'long_reason'],
  ['the same is open', { open: proposed() }, {}, 'already_open'],
  ['the quorum has nobody', { approvers: [] }, {}, 'quorum_unreachable'],
  ['the only approver is a guest', { approvers: [{ ...BEN, isGuest: true }] }, {}, 'quorum_unreachable'],
] as const)('nothing is proposed when %s', (_, changes, rules, code) => {
  expect(codeOf(propose(request(changes), at(START_MS, rules)))).toBe(code);
});

test('a quorum that cannot be reached is refused at once, with how many are left', () => {
  const both = someone('UANN', ['SONCALL', 'SLEADS']);
  const decision = propose(request({ facts: both, approvers: [both, BEN] }), at(START_MS, { required: 2 }));
  if (decision.type === 'moved') throw new Error('it was proposed');
  expect(plainText(decision.refusal.reason)).toBe('Only one approver is left besides you, and 2 must agree.');
});

test('a large plan is proposed only when its class or its count was typed', () => {
  const large = { ...PLAN, places: [{ name: 'queue default', count: 312_000 }], cap: 400_000 };
  const typing = (typed: string | undefined) => codeOf(propose(request({ plan: large, typed }), NOW));
  for (const typed of ['Recurring::DisasterJob', ' 312000 ', '312,000', "312'000", '312.000', '312 000']) {
    expect(typing(typed)).toBe('moved to proposed');
  }
  for (const typed of [undefined, '', 'recurring::disasterjob', '31200', '-312000', '312000 or so']) {
    expect(typing(typed)).toBe('not_typed');
  }
});

test('a class can only make the rules stricter', () => {
  expect(rulesForClass(RULES, undefined)).toEqual(RULES);
  expect(rulesForClass({ ...RULES, required: 2 }, { isProtected: false, required: 1 }).required).toBe(2);
  expect(rulesForClass(RULES, { isProtected: true, required: 3 })).toMatchObject({
    required: 3,
    isForbidden: true,
  });
  expect(rulesForClass({ ...RULES, isForbidden: true }, { isProtected: false }).isForbidden).toBe(true);
});

test('two groups that must both agree need a person each, and one in both speaks for one', () => {
  const approvers = [
    { ids: ['SLEADS'], required: 1 },
    { ids: ['SPAYROLL'], required: 1 },
  ];
  const inBoth = someone('UDEE', ['SLEADS', 'SPAYROLL']);
  const proposing = (people: readonly (typeof ANN)[]) =>
    codeOf(propose(request({ approvers: people }), at(START_MS, { approvers })));
  expect(proposing([inBoth])).toBe('quorum_unreachable');
  expect(proposing([BEN, CEM])).toBe('quorum_unreachable');
  expect(proposing([inBoth, BEN])).toBe('moved to proposed');
  expect(proposing([BEN, inBoth])).toBe('moved to proposed');
});
