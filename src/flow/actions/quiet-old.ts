import { queuesWithoutSuperFetch, quietOld, signalFor } from '../../core/actions/quiet-old.ts';
import { counted } from '../../core/amounts.ts';
import type { Signals } from '../../ports/acting.ts';
import type { Clock } from '../../ports/host.ts';
import { RedisUnavailable } from '../../ports/reading.ts';
import type { ObservedSidekiq } from '../command.ts';
import type { Guarded, Outcome, Work } from '../guarded.ts';
import { decidedBy } from '../planning.ts';

/** Two beats of Sidekiq 7 and one for a pause: by then a process that lives has taken the signal. */
const SEEN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 2000;
/** Private lists tell who uses which fetcher; what lies in them does not matter here. */
const SURVEY_MS = 500;

/** Quiets the processes of one sidekiq that do not use super_fetch, one after another. */
export function quietingOld(sidekiq: ObservedSidekiq, signals: Signals, clock: Clock): Guarded {
  return {
    ...decidedBy(quietOld),
    plan: async (_, nowMs, approved) => {
      const survey = await sidekiq.survey(SURVEY_MS);
      return quietOld.plan({}, { survey, approved }, nowMs);
    },
    carryOut: async (work) => {
      const sent: string[] = [];
      const survey = await sidekiq.survey(SURVEY_MS);
      const planned = work.plan.places.length;
      for (const { name } of work.plan.places) {
        const note = `sending a signal to ${name}`;
        if ((await work.step({ done: sent.length, planned, note })) === 'stop') return stopped(sent);
        const { snapshot } = await sidekiq.observe();
        const process = snapshot.processes.find(({ identity }) => identity === name);
        const once = `${work.id}:${name}`;
        if (process === undefined || process.state !== 'alive' || process.isQuiet) {
          // By an earlier turn of this action, perhaps: what is said at the end counts that too.
          if (work.progress !== null && (await signals.wasQuieted(once))) sent.push(name);
          continue;
        }
        const missing = queuesWithoutSuperFetch([process], snapshot.processes);
        if (missing.length > 0) return uncovered(missing, sent);
        // At most once for this action and process, however often it is resumed.
        const answer = await signals.quiet(name, once, signalFor(process, survey));
        if (typeof answer === 'object') return refused(answer.refusal, sent);
        if (answer === 'sent' || answer === 'sent before') sent.push(name);
      }
      if ((await work.step({ done: sent.length, planned, note: 'all signals are sent' })) === 'stop')
        return stopped(sent);
      return untilQuiet(sidekiq, work, clock);
    },
  };
}

async function untilQuiet(sidekiq: ObservedSidekiq, work: Work, clock: Clock): Promise<Outcome> {
  const untilMs = clock.steadyMs() + SEEN_WITHIN_MS;
  for (;;) {
    const loud = await stillTaking(sidekiq, work);
    if (loud?.length === 0) {
      const result = `${counted(work.plan.places.length, 'process is', 'processes are')} quiet or have ended: they take no new jobs.`;
      return { type: 'done', result };
    }
    if (clock.steadyMs() >= untilMs) {
      const names = (loud ?? []).slice(0, 3).join(', ');
      const result = `The signals were sent; within ${SEEN_WITHIN_MS / 1000} s ${counted(loud?.length ?? 0, 'process has', 'processes have')} not said that they are quiet: ${names}.`;
      return { type: 'done', result };
    }
    if ((await work.pause(LOOK_EVERY_MS)) === 'stop')
      return stopped(work.plan.places.map(({ name }) => name));
  }
}

/** Undefined when Redis can't be asked now. */
async function stillTaking(sidekiq: ObservedSidekiq, { plan }: Work): Promise<readonly string[] | undefined> {
  try {
    const { snapshot } = await sidekiq.observe();
    const loud = snapshot.processes.filter(({ state, isQuiet }) => state === 'alive' && !isQuiet);
    const names = new Set(loud.map(({ identity }) => identity));
    return plan.places.map(({ name }) => name).filter((name) => names.has(name));
  } catch (error) {
    if (error instanceof RedisUnavailable) return undefined;
    throw error;
  }
}

function soFar(sent: readonly string[]): string {
  return sent.length === 0
    ? 'No signal was sent.'
    : `${counted(sent.length, 'signal')} had been sent and can’t be taken back.`;
}

function stopped(sent: readonly string[]): Outcome {
  return { type: 'stopped', result: soFar(sent) };
}

function uncovered(missing: readonly string[], sent: readonly string[]): Outcome {
  const reason = `No living process with super_fetch takes jobs from ${missing.join(', ')} any more. ${soFar(sent)}`;
  return { type: 'failed', reason };
}

function refused(refusal: string, sent: readonly string[]): Outcome {
  return { type: 'failed', reason: `Redis refused the signal (${refusal}). ${soFar(sent)}` };
}
