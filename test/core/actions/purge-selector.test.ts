import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createSelector,
  isSelected,
  judge,
  type Selection,
} from '../../../src/core/actions/purge-selector.ts';
import { MAX_PAYLOAD_BYTES, readJob } from '../../../src/core/sidekiq/job.ts';
import { Page } from '../../../src/core/sidekiq/page.ts';
import type { JobPlace } from '../../../src/core/sidekiq/tally.ts';
import { anyPayload, BEFORE_S, bytes, CUT_OFF_MS, className, mail } from './purge-payloads.ts';

const critical: JobPlace = { kind: 'queue', queue: 'critical' };
const retrySet: JobPlace = { kind: 'retry_set' };
const ownerless: JobPlace = { kind: 'private_list', queue: undefined };

function selection(jobClass: string, queues: readonly string[] = []): Selection {
  return { jobClass, queues, cutOffMs: CUT_OFF_MS };
}

describe('a class', () => {
  test.each([
    ['the class itself', { class: 'A' }, 'A', 'selected'],
    ['another class', { class: 'AB' }, 'A', 'other'],
    ['another case', { class: 'a' }, 'A', 'other'],
    ['what is wrapped', { class: 'Sidekiq::ActiveJob::Wrapper', wrapped: 'A' }, 'A', 'selected'],
    ['a wrapper is not what it wraps', { class: 'W', wrapped: 'A' }, 'W', 'other'],
    ['quotes and backslashes', { class: 'Quo"te\\d' }, 'Quo"te\\d', 'selected'],
    ['a name that only stands in the arguments', { class: 'B', args: ['"class":"A"'] }, 'A', 'other'],
    ['__proto__', { class: '__proto__' }, '__proto__', 'selected'],
  ])('%s', (_, job, jobClass, expected) => {
    expect(judge(readJob(bytes(job)), selection(jobClass), critical)).toBe(expected);
  });

  test('of mail is a mailer with its method, or all mail at once', () => {
    const raw = mail('PayslipMailer', 'monthly');
    expect(isSelected(raw, selection('PayslipMailer#monthly'), critical)).toBe(true);
    expect(isSelected(raw, selection('PayslipMailer#yearly'), critical)).toBe(false);
    expect(isSelected(raw, selection('ActionMailer::MailDeliveryJob'), critical)).toBe(true);
    expect(isSelected(raw, selection('PayslipMailer'), critical)).toBe(false);
  });
});

test.each([
  ['seconds before the cut-off', BEFORE_S, 'selected'],
  ['milliseconds before it', CUT_OFF_MS - 1, 'selected'],
  ['the very cut-off', CUT_OFF_MS, 'later'],
  ['after it', CUT_OFF_MS + 1, 'later'],
  ['a quoted number', String(BEFORE_S), 'selected'],
  ['ISO 8601', new Date(CUT_OFF_MS - 1).toISOString(), 'selected'],
  ['nothing', undefined, 'undated'],
  ['null', null, 'undated'],
  ['words', 'yesterday', 'undated'],
  ['a negative number', -1, 'undated'],
])('created: %s', (_, created, expected) => {
  const raw = Buffer.from(JSON.stringify({ class: 'A', args: [], created_at: created }));
  expect(judge(readJob(raw), selection('A'), critical)).toBe(expected);
});

test.each([
  ['a queue that was asked for', critical, 'elsewhere', 'selected'],
  ['another queue, whatever the job says', { kind: 'queue', queue: 'low' }, 'critical', 'other'],
  ['a set, by what the job says', retrySet, 'critical', 'selected'],
  ['a set, of another queue', retrySet, 'low', 'other'],
  ['a set, of no queue', retrySet, undefined, 'other'],
  ['a private list of an unknown queue, by what the job says', ownerless, 'critical', 'selected'],
] as const)('of a queue: %s', (_, place, queue, expected) => {
  const raw = bytes({ class: 'A', queue });
  expect(judge(readJob(raw), selection('A', ['critical']), place)).toBe(expected);
});

test.each([
  ['', 'unreadable'],
  ['{"class":"A","args":[', 'unreadable'],
  ['[]', 'unreadable'],
  ['{"args":[]}', 'unreadable'],
])('what is no job is never taken: %s', (text, expected) => {
  expect(judge(readJob(Buffer.from(text)), selection('A'), critical)).toBe(expected);
});

test('a whole page is judged as each of its payloads is, in every company', () => {
  const queues = fc.constantFrom([], ['critical'], ['low']);
  const place = fc.constantFrom(critical, retrySet, ownerless);
  fc.assert(
    fc.property(className, queues, place, fc.array(anyPayload, { maxLength: 20 }), (jobClass, ...rest) => {
      const [ofQueues, where, payloads] = rest;
      const wanted = selection(jobClass, ofQueues);
      const whole = Buffer.concat(payloads.flatMap((raw) => [raw, Buffer.from('\r\n$9\r\n')]));
      let from = 0;
      const page = payloads.map(({ length }) => {
        const raw = whole.subarray(from, from + length);
        from += length + 6;
        return raw;
      });
      expect(createSelector(wanted)(Page.of(page), where)).toEqual(
        page.map((raw) => isSelected(raw, wanted, where)),
      );
    }),
    { numRuns: 500 },
  );
});

test('a payload that is too large to be parsed is not selected by a page either', () => {
  const raw = bytes({ class: 'A', args: ['x'.repeat(MAX_PAYLOAD_BYTES)] });
  expect(createSelector(selection('A'))(Page.of([raw]), critical)).toEqual([false]);
});

test('a class whose name is hidden behind an escape is found, too', () => {
  const raw = Buffer.from(String.raw`{"class":"\u0041","args":[],"created_at":1}`);
  expect(isSelected(raw, selection('A'), critical)).toBe(true);
  expect(createSelector(selection('A'))(Page.of([raw, bytes({ class: 'B' })]), critical)).toEqual([
    true,
    false,
  ]);
  expect(createSelector(selection('A'))(Page.of([bytes({ class: 'B' })]), critical)).toEqual([false]);
});
