import { z } from 'zod';
import { counted } from '../amounts.ts';
import { driftOfKinds } from '../drift.ts';
import { hostOfList } from '../migration/movability.ts';
import { isSettling, usesSuperFetch } from '../migration/stage.ts';
import type { Survey } from '../migration/survey.ts';
import type { Plan } from '../plan.ts';
import { type Refusal, refuse } from '../reply/reply.ts';
import { code, say } from '../reply/text.ts';
import type { Process } from '../sidekiq/snapshot.ts';
import type { GuardedAction } from './action.ts';

const parameters = z.strictObject({});
const NAMED = 5;

export type QuietOldSeen = {
  readonly survey: Survey;
  /** The plan that was approved, when it is made again: whoever started since is not among them. */
  readonly approved?: Plan | undefined;
};

/**
 * Quiet all processes without super_fetch, once others with it take jobs from each of their queues: they finish what they
 * run, and a clean end leaves nothing private behind (reference: 5.2).
 */
export const quietOld: GuardedAction<z.output<typeof parameters>, QuietOldSeen> = {
  name: 'quiet-old',
  parameters,
  plan(_, { survey, approved }, nowMs) {
    const agreed = approved === undefined ? undefined : new Set(approved.places.map(({ name }) => name));
    const old = oldProcesses(survey.processes, survey.takenAtMs);
    const meant = old.filter(({ identity, isEmbedded }) => !isEmbedded && agreed?.has(identity) !== false);
    const no = refusalOf(meant, survey.processes);
    if (no !== undefined) return no;
    const embedded = old.filter(({ isEmbedded }) => isEmbedded);
    return {
      action: 'quiet-old',
      sidekiq: survey.sidekiq,
      target: 'processes without super_fetch',
      jobClass: null,
      places: meant.map(({ identity }) => ({ name: identity, count: 1 })),
      cutOffMs: null,
      cap: approved?.cap ?? meant.length,
      sideEffects: [
        ...(embedded.length === 0
          ? []
          : [`Embedded: ${named(embedded)} ignore signals; stop them in the program that they are part of.`]),
        ...unsureSignals(meant, survey),
      ],
      undo: 'It can’t be undone: a quiet process must be replaced by a restart or a deploy.',
      parameters: {},
      plannedAtMs: nowMs,
    };
  },
  drift: driftOfKinds,
  describe: ({ places }) => ({
    headline: say`quiet ${counted(places.length, 'process', 'processes')} without super_fetch`,
    details: [
      say`They finish the jobs that they run and take no new ones. For each of their queues a living process with super_fetch takes jobs.`,
      say`${named(places.map(({ name }) => ({ identity: name })))}.`,
    ],
  }),
};

/** Those that live, take jobs and do not use super_fetch. */
function oldProcesses(processes: readonly Process[], nowMs: number): readonly Process[] {
  return processes.filter((process) => {
    if (process.state !== 'alive' || process.isQuiet) return false;
    return !usesSuperFetch(process) && !isSettling(process, nowMs);
  });
}

/**
 * TSTP is for Sidekiq 5 and newer and would suspend an older one, which knows USR1; of USR1 Sidekiq 6 and newer die
 * (reference: 4.2). Who runs a job that lies in a list of reliable_fetch of its host is 4 or older for certain.
 */
export function signalFor(process: Process, { lists }: Survey): 'TSTP' | 'USR1' {
  if (process.fetch.strategy !== 'reliable_fetch') return 'TSTP';
  const isAtWork = lists.some(
    (list) => hostOfList(list) === process.hostname && (list.contents?.inFlight ?? 0) > 0,
  );
  return isAtWork ? 'USR1' : 'TSTP';
}

/** Before Sidekiq 6.1.3 a process shows no trace of its version. */
function unsureSignals(meant: readonly Process[], survey: Survey): readonly string[] {
  const unsure = meant.filter(
    (process) => process.version.endsWith('or earlier') && signalFor(process, survey) === 'TSTP',
  );
  if (unsure.length === 0) return [];
  return [
    `Unknown version: ${named(unsure)} may be older than Sidekiq 5, which TSTP would suspend. Stop those by a deploy instead.`,
  ];
}

/** Their queues from which no living process with super_fetch takes jobs. */
export function queuesWithoutSuperFetch(
  old: readonly Process[],
  processes: readonly Process[],
): readonly string[] {
  const served = new Set(
    processes
      .filter((process) => process.state === 'alive' && !process.isQuiet && usesSuperFetch(process))
      .flatMap(({ queues }) => queues),
  );
  return [...new Set(old.flatMap(({ queues }) => queues))].filter((queue) => !served.has(queue)).sort();
}

function refusalOf(old: readonly Process[], processes: readonly Process[]): Refusal | undefined {
  if (old.length === 0) {
    return refuse(
      'no_old_process',
      say`No process without super_fetch takes jobs, so there is nothing to quiet.`,
      say`${code('/sidekiq migrate')} says what is left to be done.`,
    );
  }
  const mute = old.find(({ queues }) => queues.length === 0);
  if (mute !== undefined) {
    return refuse(
      'queues_unknown',
      say`${code(mute.identity)} does not say which queues it serves, so nobody can tell whether others do.`,
      say`Quiet it by its name if you know: ${code(`/sidekiq quiet ${mute.identity}`)}.`,
    );
  }
  const missing = queuesWithoutSuperFetch(old, processes);
  if (missing.length === 0) return undefined;
  return refuse(
    'queues_without_super_fetch',
    say`No living process with super_fetch takes jobs from ${missing.slice(0, NAMED).join(', ')}${missing.length > NAMED ? ` and ${missing.length - NAMED} more queues` : ''}: those jobs would wait.`,
    say`Roll out the new release for these queues first, then ask again.`,
  );
}

function named(processes: readonly { readonly identity: string }[]): string {
  const more = processes.length - NAMED;
  const names = processes.slice(0, NAMED).map(({ identity }) => identity);
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
