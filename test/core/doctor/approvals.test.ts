import { expect, test } from 'vitest';
import type { ApprovalRules } from '../../../src/core/approval/rules.ts';
import { judgeApprovals } from '../../../src/core/doctor/approvals.ts';
import type { ClassPolicy } from '../../../src/core/policy.ts';
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
  const classes = new Map([['TaxJob', wanting(1)]]);
  expect(judgeApprovals('approvals', { ...RULES, ...rules }, classes, peopleOf)).toMatchObject([
    { verdict, sentence },
  ]);
});

function wanting(required: number | undefined): ClassPolicy {
  return { isRecurring: false, isProtected: false, required, owner: undefined, note: undefined };
}

const OF_CLASS = 'no action on this class can be approved.';
const CLASSES: readonly (readonly [string, Partial<ApprovalRules>, number, string, readonly string[]])[] = [
  ['as many as there are', {}, 2, CAN, []],
  [
    'one more than there are',
    {},
    3,
    CAN,
    [
      `classes.TaxJob.required wants 3 others to agree, and whoever proposes, there are at most 2: ${OF_CLASS}`,
    ],
  ],
  [
    'the requester is one of them',
    { requesters: ['UBEN'] },
    2,
    CAN,
    [
      `classes.TaxJob.required wants 2 others to agree, and whoever proposes, there is at most 1: ${OF_CLASS}`,
    ],
  ],
  [
    'more than the rules for all want, which can’t be met either',
    { requesters: ['UCEM'], approvers: anyOf('UCEM') },
    2,
    few(1),
    [
      `classes.TaxJob.required wants 2 others to agree, and whoever proposes, there is nobody else: ${OF_CLASS}`,
    ],
  ],
  ['no more than the rules for all want', { required: 3 }, 3, few(3), []],
  ['lists that no class can fill', { approvers: [...anyOf('SLEADS'), ...allOf(['SNOBODY'])] }, 2, SEATS, []],
];

test.each(CLASSES)('a class that wants %s', (_, rules, required, ofAll, ofClass) => {
  const classes = new Map([
    ['MailJob', wanting(undefined)],
    ['TaxJob', wanting(required)],
  ]);
  const findings = judgeApprovals('approvals', { ...RULES, ...rules }, classes, peopleOf);
  expect(findings.map(({ sentence }) => sentence)).toEqual([ofAll, ...ofClass]);
  for (const { verdict, remedy } of findings.slice(1)) {
    expect(verdict).toBe('wrong');
    expect(remedy).toBe('Name more approvers (approvals.approvers), or want fewer for this class.');
  }
});
