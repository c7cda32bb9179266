/**
 * How much of one Redis the bot may use. Every piece of work is put on an account that time pays back, so a person's question
 * after a quiet minute goes at full speed, and whoever reads on and on gets the budget and no more. Where Redis is slow to
 * answer the budget shrinks: what suffers already must not suffer from being watched.
 */

/** `ms`: how long Redis (and the line to it) had something of ours to do; pieces at the same time count once. */
export type Load = { readonly commands: number; readonly bytes: number; readonly ms: number };

export type LoadBudget = {
  readonly perSecond: Load;
  /** So many seconds of it may be used at once by who was idle for as long. */
  readonly burstS: number;
};

/** `spent` is what time has not yet paid back; `share` is the part of the budget that is granted now. */
export type LoadAccount = { readonly atMs: number; readonly spent: Load; readonly share: number };

/**
 * A tenth of what Redis does (100,000 commands a second, some gigabytes), half of its one thread. A snapshot of 1000 processes is
 * 3000 commands, and the largest count of a backlog that a person waits for takes four seconds (reference, performance 3).
 */
export const READING_BUDGET: LoadBudget = {
  perSecond: { commands: 10_000, bytes: 64 * 1024 * 1024, ms: 500 },
  burstS: 8,
};

/** A piece of ours, at most 1000 commands or a page of a megabyte, takes a healthy Redis some milliseconds. */
const SLOW_MS = 250;
const LEAST_SHARE = 1 / 16;
/** Down by half at each slow answer, up again by less: Redis is not tried out at full weight. */
const SHRINK = 1 / 2;
const RECOVERY = 5 / 4;
/** A heartbeat lives for 60 s; who looks twice in that time misses no death. */
const LONGEST_POLL_MS = 30_000;

const NOTHING: Load = { commands: 0, bytes: 0, ms: 0 };

export function openAccount(nowMs: number): LoadAccount {
  return { atMs: nowMs, spent: NOTHING, share: 1 };
}

/** After a piece of work; `tookMs` is how long its own answer took. A clock that steps back pays nothing. */
export function charge(
  account: LoadAccount,
  budget: LoadBudget,
  load: Load,
  tookMs: number,
  nowMs: number,
): LoadAccount {
  const { spent } = paid(account, budget, nowMs);
  const share =
    tookMs > SLOW_MS ? Math.max(LEAST_SHARE, account.share * SHRINK) : Math.min(1, account.share * RECOVERY);
  return { atMs: Math.max(account.atMs, nowMs), spent: each((key) => spent[key] + load[key]), share };
}

/** How long to leave Redis alone before the next piece; 0 when it may go now. */
export function restMs(account: LoadAccount, budget: LoadBudget, nowMs: number): number {
  const { spent } = paid(account, budget, nowMs);
  const { perSecond, burstS } = budget;
  const waits = KEYS.map((key) => {
    const granted = perSecond[key] * account.share;
    return ((spent[key] - granted * burstS) / granted) * 1000;
  });
  return Math.max(0, Math.ceil(Math.max(...waits)));
}

/** How long to wait for the next look at a Redis of which `share` of the budget is granted. */
export function pollAfterMs(pollMs: number, share: number): number {
  return Math.max(pollMs, Math.min(LONGEST_POLL_MS, pollMs / share));
}

const KEYS = ['commands', 'bytes', 'ms'] as const;

function each(value: (key: keyof Load) => number): Load {
  return { commands: value('commands'), bytes: value('bytes'), ms: value('ms') };
}

function paid(
  { atMs, spent, share }: LoadAccount,
  { perSecond }: LoadBudget,
  nowMs: number,
): { readonly spent: Load } {
  const seconds = Math.max(0, nowMs - atMs) / 1000;
  return { spent: each((key) => Math.max(0, spent[key] - perSecond[key] * share * seconds)) };
}
