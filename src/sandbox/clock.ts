/** The time and the timers of the sandbox, handed in so that a test can let half an hour pass at once. */
export type Clock = {
  nowMs(): number;
  /** Runs `action` once after the delay; the answer cancels it. */
  after(delayMs: number, action: () => void): () => void;
};

export const SYSTEM_CLOCK: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
