import { COMMANDS } from '../../commands/index.ts';
import type { ClassFound, ClassSearch } from '../../src/core/actions/purge-found.ts';
import { startEvidence } from '../../src/core/attribution/evidence.ts';
import { type Seen, type Survey, surveyFrom } from '../../src/core/migration/survey.ts';
import type { Answer, Refusal, Reply } from '../../src/core/reply/reply.ts';
import type { Backlog, BacklogRequest, ClassCount } from '../../src/core/sidekiq/backlog.ts';
import { accountOf } from '../../src/core/suspects/account.ts';
import type { CommandContext, Observation, ObservedSidekiq, Suspicion } from '../../src/flow/command.ts';
import { aClassFound } from '../core/actions/purge-founds.ts';
import { NO_PROPOSING } from '../no-records.ts';
import { aPolicy, aSnapshot, NOW_MS } from '../snapshots.ts';

/** A sidekiq that shows what a test made up, and remembers what it was asked. */
export function aSidekiq(
  observation: Observation | Error,
  backlog: Backlog = aBacklog(),
  name = 'payroll',
  suspicion: Suspicion = aSuspicion(),
  found: ClassFound = aClassFound(),
): ObservedSidekiq & { readonly requests: BacklogRequest[]; readonly searches: ClassSearch[] } {
  const requests: BacklogRequest[] = [];
  const searches: ClassSearch[] = [];
  return {
    policy: aPolicy({ name }),
    requests,
    searches,
    observe: () =>
      observation instanceof Error ? Promise.reject(observation) : Promise.resolve(observation),
    countBacklog: (request) => {
      requests.push(request);
      return Promise.resolve(backlog);
    },
    findClass: (search) => {
      searches.push(search);
      return Promise.resolve(found);
    },
    survey: () => Promise.resolve(aSurvey()),
    suspicion: () => Promise.resolve(suspicion),
  };
}

/** Nothing was watched and nothing lies around. */
export function aSuspicion(overrides: Partial<Suspicion> = {}): Suspicion {
  return { takenAtMs: NOW_MS, account: accountOf(startEvidence()), hints: [], ...overrides };
}

export function aContext(sidekiqs: readonly ObservedSidekiq[], typed: string): CommandContext {
  return { sidekiqs, commands: COMMANDS, typed, nowMs: NOW_MS, ...NO_PROPOSING };
}

export function aClass(jobClass: string, total: number, overrides: Partial<ClassCount> = {}): ClassCount {
  return {
    jobClass,
    total,
    inQueues: total,
    inRetrySet: 0,
    inScheduledSet: 0,
    inPrivateLists: 0,
    running: 0,
    oldestAtMs: NOW_MS - 3_600_000,
    queues: [{ name: 'default', count: total }],
    ...overrides,
  };
}

export function aBacklog(overrides: Partial<Backlog> = {}): Backlog {
  const classes = overrides.classes ?? [aClass('Payroll::SyncJob', 90), aClass('MailJob', 10)];
  const known = classes.reduce((sum, { total }) => sum + total, 0);
  return {
    sidekiq: 'payroll',
    takenAtMs: NOW_MS,
    tookMs: 800,
    notJobs: 0,
    isExact: true,
    readCount: known,
    knownCount: known,
    ...overrides,
    classes,
  };
}

export function answered(reply: Reply): Answer {
  if (reply.type !== 'answer') throw new Error(`refused: ${reply.code}`);
  return reply;
}

export function refused(reply: Reply): Refusal {
  if (reply.type !== 'refusal') throw new Error('answered');
  return reply;
}

/** The commands that a reply's buttons would run. */
export function asked({ buttons }: Reply): readonly string[] {
  return buttons.flatMap((button) => (button.type === 'ask' ? [button.command] : []));
}

export function typed(...words: readonly string[]) {
  return { words, options: new Map<string, readonly string[]>() };
}

/** A fleet on basic fetch, with nothing in private lists. */
function aSurvey(snapshot = aSnapshot(), overrides: Partial<Seen> = {}): Survey {
  return surveyFrom({
    snapshot,
    contents: new Map(),
    stillness: new Map(),
    watchedSinceMs: snapshot.takenAtMs,
    suspects: [],
    tookMs: 5,
    ...overrides,
  });
}
