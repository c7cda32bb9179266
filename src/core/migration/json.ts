import type { Survey, SurveyedList } from './survey.ts';

/** The shape of docs/json.md, "migrate". */
export function migrationJson(survey: Survey, steps: readonly string[]) {
  const { stage } = survey;
  return {
    sidekiq: survey.sidekiq,
    takenAt: new Date(survey.takenAtMs).toISOString(),
    tookMs: survey.tookMs,
    stage: stage.name,
    stageSentence: stage.sentence,
    withSuperFetch: stage.withSuperFetch,
    without: stage.without,
    stranded: { jobs: stage.strandedJobs, lists: stage.strandedLists },
    isSearchComplete: survey.isSearchComplete,
    processes: survey.processes.map(({ identity, hostname, state, isQuiet, version, queues, fetch }) => ({
      identity,
      hostname,
      state,
      isQuiet,
      version,
      queues,
      strategy: fetch.strategy,
      evidence: fetch.evidence,
    })),
    lists: survey.lists.map(listJson),
    nextSteps: steps,
  };
}

function listJson(list: SurveyedList) {
  const { contents } = list;
  return {
    key: list.key,
    scheme: list.scheme,
    owner: list.owner ?? null,
    ownerState: list.ownerWords,
    queue: list.queue?.name ?? null,
    queueKnownBy: list.queue?.knownBy ?? null,
    jobs: list.size,
    isWhole: list.isWhole,
    notJobs: contents?.notJobs ?? null,
    oldestAt: iso(contents?.oldestAtMs),
    classes:
      contents?.classes.map(({ jobClass, count, oldestAtMs, overWeek }) => ({
        class: jobClass,
        count,
        oldestAt: iso(oldestAtMs),
        overWeek,
        isSuspect: list.suspects.includes(jobClass),
      })) ?? null,
    may: list.move.may,
    why: list.move.why,
  };
}

function iso(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
