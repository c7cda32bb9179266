import { z } from 'zod';
import { driftOf } from '../drift.ts';
import type { Plan } from '../plan.ts';
import { type Refusal, refuse } from '../reply/reply.ts';
import { code, codes, say, type Text } from '../reply/text.ts';
import type { Process, Snapshot } from '../sidekiq/snapshot.ts';
import type { GuardedAction } from './action.ts';

/**
 * Quiet a process: TSTP through its signals list, so that it takes no new jobs and finishes those it runs (Sidekiq 5 and
 * newer; reference: 4.2). A process in the way of a migration is quieted first.
 */
const parameters = z.strictObject({ process: z.string().min(1).max(300) });

export type QuietParameters = z.output<typeof parameters>;

/** Said of every plan, so that nobody approves it in the belief that it can be taken back. */
const UNDO = 'It can’t be undone: a quiet process must be replaced by a restart or a deploy.';
/** More names than these help nobody to choose. */
const NAMED = 5;

export const quiet: GuardedAction<QuietParameters, Snapshot> = {
  name: 'quiet',
  parameters,
  plan({ process: wanted }, seen, nowMs) {
    const found = find(wanted, seen.processes);
    if ('type' in found) return found;
    const no = refusalOf(found);
    if (no !== undefined) return no;
    const { identity } = found;
    return {
      action: 'quiet',
      sidekiq: seen.sidekiq,
      target: identity,
      jobClass: null,
      places: [{ name: identity, count: 1 }],
      cutOffMs: null,
      cap: 1,
      sideEffects: onlyServedBy(found, seen.processes).map(
        (queue) => `No other process serves the queue ${queue}: its jobs will wait.`,
      ),
      undo: UNDO,
      parameters: { process: identity },
      plannedAtMs: nowMs,
    };
  },
  drift: driftOf,
  describe: (plan: Plan) => ({
    headline: say`quiet the process ${code(plan.target)}`,
    details: [say`It finishes the jobs that it runs and takes no new ones. The process itself stays.`],
  }),
};

/**
 * By its identity, by the beginning of it, or by its host; one process must be meant. In a crash loop most names are of
 * processes that are gone, so only those that live are offered and counted; a dead one answers to its whole name.
 */
function find(wanted: string, all: readonly Process[]): Process | Refusal {
  const exact = all.find(({ identity }) => identity === wanted);
  if (exact !== undefined) return exact;
  const processes = all.filter(({ state }) => state === 'alive');
  const ofHost = processes.filter(({ hostname }) => hostname === wanted);
  const meant = ofHost.length > 0 ? ofHost : processes.filter(({ identity }) => identity.startsWith(wanted));
  const [only, ...others] = meant;
  if (only === undefined) {
    const near = processes.length === 0 ? say`No process is alive.` : say`There are ${listed(processes)}.`;
    return refuse('no_such_process', say`No process is called ${code(wanted)}.`, near);
  }
  if (others.length === 0) return only;
  return refuse(
    'several_processes',
    say`${code(wanted)} can mean ${meant.length} processes.`,
    say`Write more of the name: ${listed(meant)}.`,
  );
}

function listed(processes: readonly Process[]): Text {
  const names = codes(processes.slice(0, NAMED).map(({ identity }) => identity));
  const more = processes.length - NAMED;
  return more > 0 ? say`${names} and ${more} more` : names;
}

function refusalOf({ identity, state, isEmbedded, isQuiet }: Process): Refusal | undefined {
  if (state !== 'alive') {
    return refuse(
      'process_silent',
      say`${code(identity)} has stopped beating, so it would take no signal.`,
      say`If it is dead there is nothing to quiet; ${code('/sidekiq health')} tells more.`,
    );
  }
  if (isEmbedded) {
    return refuse(
      'process_embedded',
      say`${code(identity)} runs embedded in another program and ignores signals.`,
      say`Stop it in the program that it is part of.`,
    );
  }
  if (!isQuiet) return undefined;
  return refuse(
    'quiet_already',
    say`${code(identity)} is quiet already: it takes no new jobs.`,
    say`Nothing needs to be done.`,
  );
}

/** Queues whose jobs nobody would take any more. */
function onlyServedBy(process: Process, processes: readonly Process[]): readonly string[] {
  const others = processes.filter(
    ({ identity, state, isQuiet }) => identity !== process.identity && state === 'alive' && !isQuiet,
  );
  const served = new Set(others.flatMap(({ queues }) => queues));
  return process.queues.filter((queue) => !served.has(queue));
}
