/** A trouble that was alerted, kept for the morning and so that nothing is learned from it. */
export type Incident = {
  readonly sidekiq: string;
  /** The same alert that begins again is another incident. */
  readonly id: string;
  readonly sinceMs: number;
  /** Undefined while it lasts. */
  readonly untilMs: number | undefined;
  /** It made figures other than they usually are, so nothing is learned from its time. */
  readonly bendsFigures: boolean;
  /** The alert in its newest state, in its own words (alerts/alert.ts). */
  readonly body: string;
};
