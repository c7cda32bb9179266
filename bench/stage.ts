import { Redis } from 'ioredis';
import type { Clock } from '../src/ports/host.ts';
import type { Figure } from './figure.ts';

export const clock: Clock = { nowMs: () => Date.now(), steadyMs: () => Date.now(), wait: async () => {} };

const CLASSES = ['Recurring::DisasterJob', 'PayrollRunJob', 'PayslipMailJob', 'Ledger::SyncJob'];

/** About 300 bytes, as a plain job of Sidekiq 7 has. */
export function jobPayload(number: number): string {
  return JSON.stringify({
    retry: true,
    queue: 'default',
    class: CLASSES[number % CLASSES.length],
    args: [
      number,
      'company-0042',
      { run: '2026-11-23', dry: false, note: 'nightly recurring payroll preparation' },
    ],
    jid: number.toString(16).padStart(24, '0'),
    created_at: 1_795_454_560.77 + number / 1000,
    enqueued_at: 1_795_454_560.771 + number / 1000,
    tags: ['payroll'],
    trace: 'b7ad6b7169203331',
  });
}

/** A client of a Redis in which the queue `default` has so many jobs. */
export async function filled(url: string, jobs: number): Promise<Redis> {
  const redis = new Redis(url);
  await redis.sadd('queues', 'default');
  await fillQueue(redis, 'queue:default', jobs);
  return redis;
}

/** Fills a list inside Redis, for sending millions of jobs there would take longer than what is to be measured. */
export async function fillQueue(redis: Redis, key: string, count: number): Promise<void> {
  const [head = '', tail = ''] = jobPayload(0).split('0'.padStart(24, '0'));
  const heads = CLASSES.map((jobClass) => head.replace(CLASSES[0] ?? '', jobClass));
  for (let from = 0; from < count; from += 5000) {
    await redis.eval(
      `for n = ARGV[1], ARGV[1] + ARGV[2] - 1 do
         redis.call('LPUSH', KEYS[1], ARGV[4 + n % 4] .. string.format('%024x', n) .. ARGV[3])
       end`,
      1,
      key,
      from,
      Math.min(5000, count - from),
      tail,
      ...heads,
    );
  }
}

/**
 * From now on counts commands that hold Redis for more than 10 ms: the reader's, by the name of its connection, and all
 * others, which tell how busy the machine itself was.
 */
export async function watchSlowLog(redis: Redis): Promise<() => Promise<readonly Figure[]>> {
  await redis.config('SET', 'slowlog-log-slower-than', '10000');
  await redis.slowlog('RESET');
  return async () => {
    const entries = (await redis.slowlog('GET', 1000)) as unknown[][];
    const ours = entries.filter((entry) => entry[5] === 'poison-control').length;
    return [
      { what: "the reader's commands above 10 ms in SLOWLOG", value: ours, unit: 'commands', atMost: 0 },
      {
        what: "  for comparison: other clients' in the same run",
        value: entries.length - ours,
        unit: 'commands',
      },
    ];
  };
}

const BARE_PAGE = 1000;

/** Reads the queue `default` by the client we use, two pages in flight and nothing done with them: what all else is held against. */
export async function readBare(redis: Redis): Promise<void> {
  const page = (from: number) => redis.lrangeBuffer('queue:default', from, from + BARE_PAGE - 1);
  let from = 0;
  let next = page(from);
  for (;;) {
    const current = next;
    from += BARE_PAGE;
    next = page(from);
    if ((await current).length < BARE_PAGE) return;
  }
}
