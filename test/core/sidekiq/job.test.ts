import fc from 'fast-check';
import { expect, test } from 'vitest';
import { glimpse } from '../../../src/core/sidekiq/glimpse.ts';
import { readJob } from '../../../src/core/sidekiq/job.ts';
import { epochMs } from '../../../src/core/sidekiq/times.ts';

function classOf(payload: unknown): string | undefined {
  const reading = readJob(Buffer.from(JSON.stringify(payload)));
  return reading.kind === 'job' ? reading.job.jobClass : undefined;
}

test.each([
  ['a plain job', { class: 'PlainJob', args: [] }, 'PlainJob'],
  ['a name with a leading ::', { class: '::PlainJob', args: [] }, '::PlainJob'],
  ['anything wrapped', { class: 'Wrapper', wrapped: 'Inner', args: [] }, 'Inner'],
  [
    'an ActiveJob without `wrapped`',
    { class: 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper', args: [{ job_class: 'Inner' }] },
    'Inner',
  ],
  [
    "Sidekiq's own ActiveJob adapter",
    { class: 'Sidekiq::ActiveJob::Wrapper', args: [{ job_class: 'Inner' }] },
    'Inner',
  ],
  [
    'a wrapper that says nothing of what is in it',
    { class: 'Sidekiq::ActiveJob::Wrapper', args: [7] },
    'Sidekiq::ActiveJob::Wrapper',
  ],
  [
    'job_class in the arguments of a plain job',
    { class: 'PlainJob', args: [{ job_class: 'Decoy' }] },
    'PlainJob',
  ],
  ['a class that is no string', { class: 7, args: [] }, undefined],
  ['no class', { args: [] }, undefined],
  ['an array', [], undefined],
  ['null', null, undefined],
  ['a class called __proto__', { class: '__proto__', args: [] }, '__proto__'],
])('%s', (_, payload, jobClass) => {
  expect(classOf(payload)).toBe(jobClass);
});

test('mail is named by its mailer and method, under the class that all mail has', () => {
  const payload = {
    class: 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper',
    wrapped: 'ActionMailer::MailDeliveryJob',
    args: [
      { job_class: 'ActionMailer::MailDeliveryJob', arguments: ['PayslipMailer', 'monthly', 'deliver_now'] },
    ],
  };
  const reading = readJob(JSON.stringify(payload));
  expect(reading).toMatchObject({
    kind: 'job',
    job: { jobClass: 'ActionMailer::MailDeliveryJob', mail: 'PayslipMailer#monthly' },
  });
});

test('a prototype in a payload is data like any other', () => {
  const reading = readJob('{"__proto__":{"class":"Evil","jid":"1"},"args":[]}');
  expect(reading.kind).toBe('not_a_job');
});

test('payloads beyond the limit are not parsed; what their ends show can be had', () => {
  const raw = Buffer.from(
    `{"retry":true,"class":"Huge","args":["${'x'.repeat(5_000_000)}"],"created_at":1795454560770,"enqueued_at":1795454560.771}`,
  );
  expect(readJob(raw, 1_000_000)).toEqual({ kind: 'oversized', sizeBytes: raw.length });
  expect(glimpse(raw)).toEqual({
    jobClass: 'Huge',
    createdAtMs: 1_795_454_560_770,
    enqueuedAtMs: 1_795_454_560_771,
  });
});

test.each([
  ['float seconds, up to Sidekiq 7', 1_795_454_560.771, 1_795_454_560_771],
  ['milliseconds, since Sidekiq 8', 1_795_454_560_771, 1_795_454_560_771],
  ['whole seconds', 1_795_454_560, 1_795_454_560_000],
  ['a quoted number', '1795454560.771', 1_795_454_560_771],
  ['ISO 8601 of ActiveJob', '2026-11-23T17:22:40.771Z', 1_795_454_560_771],
  ['zero', 0, undefined],
  ['a negative number', -5, undefined],
  ['a number beyond all dates', 1e300, undefined],
  ['no time at all', 'soon', undefined],
  ['a year alone', '2026', 2_026_000],
  ['null', null, undefined],
  ['an object', {}, undefined],
])('a time as %s', (_, value, ms) => {
  expect(epochMs(value)).toBe(ms);
});

test('no bytes make the reading of a job throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        const raw = Buffer.from(bytes);
        expect(['job', 'not_json', 'not_a_job']).toContain(readJob(raw).kind);
        glimpse(raw);
      },
    ),
  );
});
