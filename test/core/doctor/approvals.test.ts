import { expect, test } from 'vitest';
import type { ApprovalRules } from '../../../src/core/approval/rules.ts';
import { judgeApprovals } from '../../../src/core/doctor/approvals.ts';
import { RULES } from '../approval/cast.ts';

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  SONCALL: ['UANN', 'UBEN'],
  SLEADS: ['UBEN', 'UCEM'],
  SSECURITY: ['UCEM'],
  SNOBODY: [],
};
const peopleOf = (id: string) => GROUPS[id] ?? [id];
const allOf = (...lists: readonly string[][]) => lists.map((ids) => ({ ids, required: 1 }));
const anyOf = (...ids: readonly string[]) => [{ ids, required: 0 }];

const CAN = 'Guarded actions can find the people that they need.';
const SEATS = 'Whoever proposes, the others can’t speak for every list of all_of: nobody speaks for two.';
const few = (count: number) => `Whoever proposes, there are not ${count} others who may approve.`;

const TABLE: readonly (readonly [string, Partial<ApprovalRules>, string, string])[] = [
  ['one list, one other person', { approvers: anyOf('SLEADS') }, 'good', CAN],
  ['the requester is the only approver', { requesters: ['UANN'], approvers: anyOf('UANN') }, 'wrong', few(1)],
  ['another requester can', { requesters: ['UANN', 'UBEN'], approvers: anyOf('UANN') }, 'good', CAN],
  ['two needed, one is there', { approvers: anyOf('UCEM'), required: 2 }, 'wrong', few(2)],
  ['named twice is one person', { approvers: anyOf('SSECURITY', 'UCEM'), required: 2 }, 'wrong', few(2)],
  ['one person on both lists', { approvers: allOf(['UCEM'], ['UCEM']) }, 'wrong', few(2)],
  ['one of two lists is a group in the other', { approvers: allOf(['SLEADS'], ['SSECURITY']) }, 'good', CAN],
  [
    'the one who could sit elsewhere proposes',
    { requesters: ['UBEN'], approvers: allOf(['SLEADS'], ['SSECURITY']) },
    'wrong',
    few(2),
  ],
  [
    'enough people, but two lists of the same one',
    { requesters: ['UANN'], approvers: [...anyOf('SLEADS'), ...allOf(['UCEM'], ['UCEM'])] },
    'wrong',
    SEATS,
  ],
  ['a list of nobody', { approvers: [...anyOf('SLEADS'), ...allOf(['SNOBODY'])] }, 'wrong', SEATS],
  [
    'nobody is named to propose',
    { requesters: [] },
    'warning',
    'Nobody may propose, so guarded actions are refused.',
  ],
  [
    'nobody is named to agree',
    { approvers: [] },
    'warning',
    'Nobody may approve, so guarded actions are refused.',
  ],
];

test.each(TABLE)('%s', (_, rules, verdict, sentence) => {
  expect(judgeApprovals('approvals', { ...RULES, ...rules }, peopleOf)).toMatchObject({ verdict, sentence });
});
