import { counted, duration, exact } from '../amounts.ts';
import { type Plan, plannedCount } from '../plan.ts';
import type { Answer, Button, Part, Table } from '../reply/reply.ts';
import { at, bold, code, say } from '../reply/text.ts';
import { describePurge, fromQueues } from './purge-describe.ts';
import type { ClassFound } from './purge-found.ts';
import type { PurgeParameters } from './purge-parameters.ts';

/** A plan as an answer to whoever only wants to look: nothing is proposed and nothing changes. */
export function purgePreview(plan: Plan, found: ClassFound, buttons: readonly Button[]): Answer {
  const { queues } = plan.parameters as PurgeParameters;
  const jobs = `${found.exactness.isExact ? '' : 'at least '}${counted(plannedCount(plan), 'job')}`;
  return {
    type: 'answer',
    tone: plan.sideEffects.length > 0 ? 'warning' : 'neutral',
    headline: say`${bold(`${plan.sidekiq}: a purge of`)} ${code(plan.target)}${fromQueues(queues)} would take ${bold(jobs)}, and archive them first.`,
    parts: [
      ...describePurge(plan).details.map((text): Part => ({ type: 'paragraph', text })),
      ...sideEffects(plan),
      { type: 'table', table: placesOf(plan) },
      {
        type: 'facts',
        facts: [
          { label: 'At most', value: say`${exact(plan.cap)}` },
          { label: 'Undo', value: say`${plan.undo}` },
        ],
      },
      {
        type: 'note',
        text: say`Only looked: nothing was proposed or changed. Counted in ${duration(found.tookMs)}, ${at(found.takenAtMs)}.`,
      },
    ],
    buttons,
    data: purgeJson(plan, found),
  };
}

function sideEffects({ sideEffects }: Plan): readonly Part[] {
  if (sideEffects.length === 0) return [];
  return [{ type: 'list', items: sideEffects.map((effect) => ({ tone: 'warning', text: say`${effect}` })) }];
}

const SHOWN_PLACES = 12;

function placesOf({ places }: Plan): Table {
  const rest = places.slice(SHOWN_PLACES);
  const more = `and ${counted(plannedCount({ places: rest }), 'job')} in ${counted(rest.length, 'more place')}`;
  return {
    caption: 'What would go, in the order of the deed',
    columns: [
      { heading: 'Place', align: 'left' },
      { heading: 'Jobs', align: 'right' },
    ],
    rows: places.slice(0, SHOWN_PLACES).map(({ name, count }) => [name, exact(count)]),
    ...(rest.length > 0 ? { more } : {}),
  };
}

/** The shape of docs/json.md, "purge". */
function purgeJson(plan: Plan, found: ClassFound) {
  const { queues, sweepMs } = plan.parameters as PurgeParameters;
  const { marks, exactness, leftAlone, running } = found;
  return {
    sidekiq: plan.sidekiq,
    takenAt: iso(found.takenAtMs),
    tookMs: found.tookMs,
    class: plan.target,
    queues,
    jobs: plannedCount(plan),
    isExact: exactness.isExact,
    readCount: exactness.readCount,
    knownCount: exactness.knownCount,
    places: plan.places.map(({ name, count }) => ({ name, count })),
    createdBefore: plan.cutOffMs === null ? null : iso(plan.cutOffMs),
    atMost: plan.cap,
    sweepMs,
    oldestAt: found.oldestAtMs === undefined ? null : iso(found.oldestAtMs),
    newestAt: found.newestAtMs === undefined ? null : iso(found.newestAtMs),
    jids: found.jids,
    running: { threads: running.threads, processes: running.processes },
    leftAlone: {
      later: leftAlone.later,
      undated: leftAlone.undated,
      unreadable: leftAlone.unreadable,
      inUnknownLists: leftAlone.inUnknownLists,
    },
    batches: { jobs: marks.batchJobs, count: marks.batches.count, isExact: !marks.batches.isAtLeast },
    uniqueLocks: {
      enterpriseJobs: marks.uniqueJobs,
      count: marks.lockDigests.count,
      isExact: !marks.lockDigests.isAtLeast,
    },
    iterable: { count: marks.iterable.count, of: marks.iterable.of },
    encrypted: marks.encrypted,
    cron: found.cron.map(({ name, cron, isEnabled }) => ({ name, cron, isEnabled })),
    sideEffects: plan.sideEffects,
    notes: plan.notes ?? [],
    undo: plan.undo,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
