/** Archived jobs that nobody has restored or written off: somebody has to decide about them. */
export type Debt = {
  readonly actionId: string;
  readonly sidekiq: string;
  readonly jobClass: string;
  readonly jobs: number;
  /** Beside them: nobody knows whether they are back. */
  readonly uncertain: number;
  /** Since the first of them was archived. */
  readonly ageMs: number;
  /** Whom to ask, as the settings say. */
  readonly owner: string | undefined;
};
