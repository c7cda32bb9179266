import type { ClassFound, ClassSearch } from '../core/actions/purge-found.ts';
import type { Proposal } from '../core/approval/proposal.ts';
import type { ArchiveAccount } from '../core/archive/archive.ts';
import type { Hint } from '../core/attribution/hints.ts';
import type { AuditRecord } from '../core/audit/record.ts';
import type { Verdict } from '../core/audit/verify.ts';
import type { Plain } from '../core/canonical.ts';
import type { Crashes } from '../core/health/crashes.ts';
import type { Sample } from '../core/health/sample.ts';
import type { SameHour } from '../core/history/same-hour.ts';
import type { RescuedTotals } from '../core/migration/rescued.ts';
import type { Survey } from '../core/migration/survey.ts';
import type { SidekiqPolicy } from '../core/policy.ts';
import type { Form } from '../core/reply/form.ts';
import type { Answer, Reply } from '../core/reply/reply.ts';
import type { ClassFigures } from '../core/report/class-figures.ts';
import type { Report } from '../core/report/report.ts';
import type { Backlog, BacklogRequest } from '../core/sidekiq/backlog.ts';
import type { Snapshot } from '../core/sidekiq/snapshot.ts';
import type { Account } from '../core/suspects/account.ts';
import type { CommandWords, OptionShape } from '../core/words.ts';

/**
 * One slash subcommand. A new one is a file in commands/ and a line in commands/index.ts.
 *
 * By its type a command cannot change Sidekiq: it is handed readers, and the right to propose. A
 * `Command<Reply>` only answers; others may ask for more in a window of its own.
 */
export interface Command<Said extends Reply | Form = Reply | Form> {
  readonly name: string;
  /** As in the manifest and in help: "backlog [QUEUE]". */
  readonly usage: string;
  readonly summary: string;
  /** How many words may follow the name, and which options; anything else is refused before `run`. */
  readonly words: { readonly max: number; readonly options: Readonly<Record<string, OptionShape>> };
  /** 'one': needs a single sidekiq; 'any': answers for all of them when none is named; 'none': reads nothing. */
  readonly sidekiqs: 'one' | 'any' | 'none';
  run(words: CommandWords, context: CommandContext): Promise<Said>;
}

export type CommandContext = {
  /** Those that were meant: one, or for `any` all that may be asked about here. */
  readonly sidekiqs: readonly ObservedSidekiq[];
  /** Every command, in order, for help. */
  readonly commands: readonly Command[];
  /** What was typed after /sidekiq, normalised: what Refresh and Share repeat. */
  readonly typed: string;
  readonly nowMs: number;
  /** Asks for a guarded action, in the name of whoever asks here. */
  readonly propose: (wish: Wish) => Promise<Reply | Form>;
  readonly records: Records;
};

/** What somebody wants done: the action by name, and what it takes, which the action itself checks. */
export type Wish = {
  readonly action: string;
  readonly sidekiq: string;
  readonly parameters: Plain;
  /** Empty when it still has to be asked for. */
  readonly reason: string;
};

/** What is on record of guarded actions, and of nights. Every method @throws {StoreError} */
export interface Records {
  /** Newest first; `open` ones or all. */
  proposals(filter: { readonly isOpen?: boolean; readonly limit: number }): Promise<readonly Proposal[]>;
  proposal(id: string): Promise<Proposal | undefined>;
  /** As its message shows it. */
  shown(proposal: Proposal): Answer;
  /** What a rescue has moved. */
  rescued(actionId: string): Promise<RescuedTotals>;
  /** Newest first. */
  latestRecords(limit: number): Promise<readonly AuditRecord[]>;
  /** The night that ends now, with a fresh look; a Redis that can't be read is part of it. */
  report(sidekiq: ObservedSidekiq, nowMs: number): Promise<Report>;
  /** Every archive of jobs that were taken out, the oldest first; those of unknown actions are left out. */
  archives(): Promise<readonly ArchiveAccount[]>;
  /** Reads the whole chain. */
  verify(): Promise<Verdict>;
}

/** One sidekiq as commands see it: to be looked at. */
export interface ObservedSidekiq {
  readonly policy: SidekiqPolicy;
  /** A fresh snapshot with the samples of the last minutes, oldest first, the fresh one last. */
  observe(): Promise<Observation>;
  countBacklog(request: BacklogRequest): Promise<Backlog>;
  /** Looks for one class wherever it waits, as a purge would. */
  findClass(search: ClassSearch): Promise<ClassFound>;
  /** How processes fetch, and what lies in private lists; these are read for at most about `budgetMs`. */
  survey(budgetMs: number): Promise<Survey>;
  /** What was seen of crashes, in the last `windowMs` if given, and what lies around where that is little. */
  suspicion(windowMs?: number): Promise<Suspicion>;
  /** How the classes behaved lately: by Sidekiq's own count, and by what was watched in the last `windowMs`. */
  classFigures(windowMs: number): Promise<readonly ClassFigures[]>;
}

export type Suspicion = {
  readonly takenAtMs: number;
  readonly account: Account;
  /** Undefined where enough was seen live, so that nobody looked. */
  readonly hints: readonly Hint[] | undefined;
  /** Why the container platform says nothing of ends, if it was asked and does not. */
  readonly platformTrouble?: string | undefined;
};

export type Observation = {
  readonly snapshot: Snapshot;
  readonly samples: readonly Sample[];
  /** Undefined where nobody has watched. */
  readonly crashes?: Crashes | undefined;
  /** What the past says about this hour; undefined where nothing of it is known. */
  readonly sameHour?: SameHour | undefined;
};
