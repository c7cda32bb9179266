import { type QuietParameters, quiet } from '../../core/actions/quiet.ts';
import { refuse } from '../../core/reply/reply.ts';
import { say } from '../../core/reply/text.ts';
import type { SentSignal, Signals } from '../../ports/acting.ts';
import type { Clock } from '../../ports/host.ts';
import { RedisUnavailable } from '../../ports/reading.ts';
import type { ObservedSidekiq } from '../command.ts';
import type { Guarded, Outcome, Work } from '../guarded.ts';
import { decidedBy } from '../planning.ts';

/** Two beats of Sidekiq 7 and one for a pause: by then a process that lives has taken the signal. */
const SEEN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 2000;

/** Quiets processes of one sidekiq: one signal, then a look whether it was taken. */
export function quieting(sidekiq: ObservedSidekiq, signals: Signals, clock: Clock): Guarded {
  return {
    ...decidedBy(quiet),
    plan: async (parameters, nowMs) => {
      const wanted = quiet.parameters.safeParse(parameters).data;
      if (wanted === undefined) return NOT_A_PROCESS;
      const { snapshot } = await sidekiq.observe();
      return quiet.plan(wanted, snapshot, nowMs);
    },
    carryOut: async (work) => {
      const identity = (work.plan.parameters as QuietParameters).process;
      const began = await work.step({ done: work.progress?.done ?? 0, planned: 1, note: 'sending TSTP' });
      if (began === 'stop') return stoppedBefore(work, signals);
      const sent = await signals.quiet(identity, work.id);
      const ended = endedBy(sent);
      if (ended !== undefined) return ended;
      const then = await work.step({ done: 1, planned: 1, note: 'TSTP sent' });
      return then === 'stop' ? SENT_ANYWAY : untilSeen(identity, sidekiq, work, clock);
    },
  };
}

const NOT_A_PROCESS = refuse(
  'which_process',
  say`Which process should be quieted?`,
  say`Name one, as health lists them.`,
);

const SENT_ANYWAY: Outcome = {
  type: 'stopped',
  result: 'TSTP had been sent already and can’t be taken back.',
};

async function stoppedBefore(work: Work, signals: Signals): Promise<Outcome> {
  // An earlier run may have sent it and been killed before it could say so.
  const wasSent = work.progress !== null && (await signals.wasQuieted(work.id));
  return wasSent ? SENT_ANYWAY : { type: 'stopped', result: 'No signal was sent.' };
}

function endedBy(sent: SentSignal | { readonly refusal: string }): Outcome | undefined {
  if (typeof sent === 'object') {
    const reason = `Redis refused the signal (${sent.refusal}); nothing was sent.`;
    return { type: 'failed', reason };
  }
  if (sent === 'process gone')
    return { type: 'failed', reason: 'The process has ended by itself; nothing was sent.' };
  if (sent === 'quiet already')
    return { type: 'done', result: 'It had become quiet by itself; nothing was sent.' };
  return undefined;
}

async function untilSeen(
  identity: string,
  sidekiq: ObservedSidekiq,
  work: Work,
  clock: Clock,
): Promise<Outcome> {
  const untilMs = clock.steadyMs() + SEEN_WITHIN_MS;
  for (;;) {
    const seen = await look(identity, sidekiq);
    if (seen !== undefined) return { type: 'done', result: seen };
    if (clock.steadyMs() >= untilMs) {
      const result = `TSTP was sent; within ${SEEN_WITHIN_MS / 1000} s the process has not said that it is quiet.`;
      return { type: 'done', result };
    }
    if ((await work.pause(LOOK_EVERY_MS)) === 'stop') return SENT_ANYWAY;
  }
}

/** What became of it, or undefined when that can't be seen yet. */
async function look(identity: string, sidekiq: ObservedSidekiq): Promise<string | undefined> {
  try {
    const { snapshot } = await sidekiq.observe();
    const process = snapshot.processes.find((each) => each.identity === identity);
    if (process === undefined || process.state === 'dead')
      return 'TSTP was sent, and the process has ended since.';
    if (!process.isQuiet) return undefined;
    return `The process is quiet: it takes no new jobs and finishes the ${process.busy} that it runs.`;
  } catch (error) {
    if (error instanceof RedisUnavailable) return undefined;
    throw error;
  }
}
