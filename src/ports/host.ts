/** What every flow needs around it: the time, turns among replicas, a log, notes that outlast a restart. */

/** What a flow must not forget over a restart (what was alerted, muted, posted), as text by id. */
export interface Notes {
  load(id: string): Promise<string | undefined>;
  /** The last to save wins. */
  save(id: string, text: string): Promise<void>;
  /** Makes the next text out of the one that is there; again, where another was faster. */
  change(id: string, next: (text: string | undefined) => string): Promise<void>;
}

/** One among replicas does a thing. Asking again keeps the turn; who no longer asks loses it after a while. */
export interface Turns {
  tryHold(name: string): Promise<boolean>;
  /** Gives the turn to whoever asks next, if it is held. */
  release(name: string): Promise<void>;
}

export interface Clock {
  /** What people call the time. It may be set, forward and back: for what is told, kept or agreed, never for how long. */
  nowMs(): number;
  /** Goes forward only, at the pace of time, from nobody knows when: for how long something takes or is to be waited for. */
  steadyMs(): number;
  /** Resolves after that time, or at once when the signal aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
