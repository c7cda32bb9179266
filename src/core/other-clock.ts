/** What another clock said, between two moments of our steady one. */
export type Heard = {
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
  readonly saidMs: number;
  /** It may have meant so much more: some tell whole seconds only. */
  readonly coarseMs: number;
};

/**
 * How far the other clock is ahead of our steady one, in ms. What is known is kept for as long as it may be true, so that neither a slow answer
 * nor a coarse one moves it.
 */
export function aheadOfSteadyMs(known: number | undefined, heard: Heard): number {
  const leastMs = heard.saidMs - heard.answeredAtMs;
  const mostMs = heard.saidMs + heard.coarseMs - heard.askedAtMs;
  return known === undefined ? (leastMs + mostMs) / 2 : Math.min(mostMs, Math.max(leastMs, known));
}
