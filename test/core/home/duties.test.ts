import { expect, test } from 'vitest';
import type { Proposal } from '../../../src/core/approval/proposal.ts';
import { approve } from '../../../src/core/approval/vote.ts';
import { type Duty, dutyIn } from '../../../src/core/home/duties.ts';
import type { Person } from '../../../src/core/people.ts';
import { ANN, at, BEN, CEM, click, next, proposed, RULES, START_MS, someone } from '../approval/cast.ts';

const personOf = ({ identity, isBot, isGuest, isOutsider, isDeactivated }: typeof ANN): Person => ({
  id: identity.userId,
  enterpriseUserId: identity.enterpriseUserId,
  name: identity.name,
  isBot,
  isGuest,
  isOutsider,
  isDeactivated,
});
const duty = (
  who: typeof ANN,
  proposal: Proposal = proposed(),
  rules = RULES,
  nowMs = START_MS,
): Duty | undefined => dutyIn(proposal, personOf(who), who, rules, nowMs);

test('a proposal waits for those who may approve it, once each, and is its requester’s own', () => {
  const rules = { ...RULES, required: 2 };
  const [waiting, half] = [
    proposed(rules),
    next(approve(proposed(rules), click(BEN), [], at(START_MS, rules))),
  ];
  expect(duty(BEN, waiting, rules)).toBe('decide');
  expect(duty(BEN, half, rules)).toBeUndefined();
  expect(duty(CEM, half, rules)).toBe('decide');
  expect(duty(ANN, waiting, rules)).toBe('own');
  expect(duty(someone('UDANA'), waiting, rules)).toBeUndefined();
  expect(duty(CEM, waiting, rules, START_MS + RULES.expiresMs)).toBeUndefined();
  expect(dutyIn(waiting, personOf(BEN), undefined, rules, START_MS)).toBeUndefined();
});

test('the requester of another name is still the requester', () => {
  const other = { ...BEN, identity: { ...BEN.identity, enterpriseUserId: ANN.identity.userId } };
  expect(duty(other)).toBe('own');
});

test('what was approved is running for everybody who sees it', () => {
  const approved = next(approve(proposed(), click(BEN), [], at(START_MS)));
  expect(duty(someone('UDANA'), approved)).toBe('running');
  expect(duty(ANN, approved)).toBe('own');
});
