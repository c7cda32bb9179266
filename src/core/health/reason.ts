import type { Text } from '../reply/text.ts';
import type { Snapshot } from '../sidekiq/snapshot.ts';
import type { Crashes } from './crashes.ts';
import type { Errors } from './errors.ts';
import type { Losses } from './losses.ts';
import type { Memory } from './memory.ts';
import type { Running } from './running.ts';
import type { Waiting } from './waiting.ts';

/** The answers to the five questions: what reasons are found in. */
export type Figures = {
  readonly snapshot: Snapshot;
  readonly waiting: Waiting;
  readonly running: Running;
  readonly memory: Memory;
  readonly errors: Errors;
  readonly losses: Losses;
  /** Undefined where nothing was watched: in the terminal, and in the first moments. */
  readonly crashes: Crashes | undefined;
};

/** Why the verdict is not "healthy". */
export type Reason = {
  readonly code: ReasonCode;
  /** One bad reason makes an incident, one warning a degraded sidekiq. */
  readonly tone: 'bad' | 'warning';
  /** For everybody: support staff repeat it to customers. */
  readonly text: Text;
  /** For those who repair it. */
  readonly detail: Text | undefined;
  /** Queues or the class it is about, for programs. */
  readonly subjects: readonly string[];
};

/** All codes, gravest first: of two reasons of one tone, the earlier explains the later more often than the reverse. */
export const REASON_CODES = [
  'nothing_runs',
  'redis_refuses_writes',
  'one_class_holds_threads',
  'nothing_done',
  'all_quiet',
  'processes_dying',
  'queue_stopped',
  'queue_unserved',
  'queue_late',
  'backlog_unusual',
  'redis_nearly_full',
  'redis_full_soon',
  'app_failing',
  'jobs_stranded',
  'no_process',
  'looks_unused',
  'queue_waits_long',
  'queue_quieted',
  'queue_paused',
  'jobs_overdue',
  'retry_set_grows',
  'jobs_died',
  'redis_evicts',
  'redis_slow',
  'killed_while_stopping',
  'lists_unknown',
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];

export function worstFirst(reasons: readonly Reason[]): readonly Reason[] {
  const rank = ({ tone, code }: Reason): number =>
    (tone === 'bad' ? 0 : REASON_CODES.length) + REASON_CODES.indexOf(code);
  return reasons.toSorted((a, b) => rank(a) - rank(b));
}
