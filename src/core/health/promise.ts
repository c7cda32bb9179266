import type { SidekiqPolicy } from '../policy.ts';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const NUMBER_WORDS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    one: 1,
    two: 2,
    three: 3,
    five: 5,
    ten: 10,
    fifteen: 15,
    twenty: 20,
    thirty: 30,
    sixty: 60,
  }),
);

/** "within_5_minutes", "within_thirty_seconds", "latency_30s", "latency-1h", with anything before them. */
const PROMISE =
  /(?:^|[^a-z0-9])(?:within|latency)[_-]?([0-9]{1,5}|[a-z]+?)[_-]?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)$/i;

/** How long the jobs of a queue may wait: by the settings, else by what its name promises. */
export function latencyTargetMs(queue: string, policy: SidekiqPolicy): number | undefined {
  return policy.queues.get(queue)?.latencyTargetMs ?? promiseOf(queue);
}

function promiseOf(queue: string): number | undefined {
  const [, amount, unit] = PROMISE.exec(queue) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const number = /^[0-9]+$/.test(amount) ? Number(amount) : NUMBER_WORDS.get(amount.toLowerCase());
  const unitMs = UNIT_MS[unit.charAt(0).toLowerCase() as keyof typeof UNIT_MS];
  return number === undefined || number === 0 ? undefined : number * unitMs;
}
