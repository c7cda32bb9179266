import fc from 'fast-check';

/** Payloads as they may lie in a Redis: of several classes, with times of all sorts, cut off, and nonsense. */
export const CUT_OFF_MS = 1_795_454_560_000;
export const BEFORE_S = CUT_OFF_MS / 1000 - 1;

export function bytes(job: object): Buffer {
  return Buffer.from(JSON.stringify({ args: [], created_at: BEFORE_S, ...job }));
}

export function mail(mailer: string, method: string): Buffer {
  return bytes({
    class: 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper',
    wrapped: 'ActionMailer::MailDeliveryJob',
    args: [{ job_class: 'ActionMailer::MailDeliveryJob', arguments: [mailer, method, 'deliver_now'] }],
  });
}

export const className = fc.constantFrom(
  'A',
  'B',
  'Quo"te',
  'ActionMailer::MailDeliveryJob',
  'PayslipMailer#monthly',
);
export const anyPayload = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((raw) => Buffer.from(raw)),
  fc.constant(mail('PayslipMailer', 'monthly')),
  fc
    .record({
      class: className,
      wrapped: fc.option(className, { nil: undefined }),
      created_at: fc.oneof(fc.constantFrom(BEFORE_S, CUT_OFF_MS - 1, CUT_OFF_MS + 1), fc.jsonValue()),
      args: fc.array(fc.jsonValue(), { maxLength: 2 }),
      cut: fc.nat({ max: 20 }),
    })
    .map(({ cut, ...job }) => {
      const raw = Buffer.from(JSON.stringify(job));
      return cut < 4 ? raw.subarray(0, raw.length - cut) : raw;
    }),
);
