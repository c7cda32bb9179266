/** What waits and hides, by job class, over every place where Sidekiq keeps jobs. */
export type Backlog = {
  readonly sidekiq: string;
  readonly takenAtMs: number;
  readonly tookMs: number;
  /** Most first. */
  readonly classes: readonly ClassCount[];
  /** Jobs of still more classes, when there are so many that remembering them all would take too much memory. */
  readonly ofOtherClasses?: number;
  /** Jobs that were read and belong to no class: not JSON, or JSON that is no job. */
  readonly notJobs: number;
  /** False when the time ran out first: then every count is "at least". */
  readonly isExact: boolean;
  readonly readCount: number;
  /** Sum of all list and set sizes when the count began. */
  readonly knownCount: number;
};

export type ClassCount = {
  readonly jobClass: string;
  readonly total: number;
  readonly inQueues: number;
  readonly inRetrySet: number;
  readonly inScheduledSet: number;
  readonly inPrivateLists: number;
  /** Threads that run it now; these jobs are not part of `total`. */
  readonly running: number;
  /**
   * When its oldest job was created. In queues and private lists only the job nearest to its turn in each page is
   * asked: jobs stand there by age, except those that a fetcher brought back.
   */
  readonly oldestAtMs: number | undefined;
  readonly queues: readonly { readonly name: string; readonly count: number }[];
};

export type BacklogRequest = {
  /** One queue alone, without sets and private lists of other queues. */
  readonly queue?: string;
  readonly budgetMs: number;
};
