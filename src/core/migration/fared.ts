import { duration, exact, perMinute } from '../amounts.ts';
import { mergeSamples } from '../history/merge.ts';
import { type HistorySample, KEPT_MS, type Resolution, SPAN_MS, type TimeRange } from '../history/sample.ts';
import { NOTHING, type Part, type Table } from '../reply/reply.ts';
import { say } from '../reply/text.ts';
import type { Story } from './story.ts';

/** How the classes fared before the migration and since: both as the watcher saw it, and now as Sidekiq counted it. */
export type Fared = {
  /** Jobs done in the last hour, by class; undefined where Sidekiq keeps no metrics. */
  readonly doneNow: ReadonlyMap<string, number> | undefined;
  readonly before: readonly HistorySample[];
  readonly since: readonly HistorySample[];
};

const SHOWN_CLASSES = 10;
/** A whole day, so that the hours of the nightly jobs are in both. */
const COMPARED_MS = 24 * 3_600_000;
/** One busy thread in two hundred looks is no work to speak of. */
const LEAST_THREADS = 0.005;

/** What to read of the history: a day before it was begun, and the clean day that it ended with. */
export function faredRanges({ beganAtMs }: Story, endMs: number): FaredRanges {
  const firstMs = beganAtMs - COMPARED_MS;
  const isKept = endMs - firstMs < KEPT_MS['ten minutes'];
  const resolution = isKept ? 'ten minutes' : 'hour';
  // A span belongs to the time before only if it was over by then.
  const lastMs = beganAtMs - SPAN_MS[resolution] + 1;
  return {
    resolution,
    before: { fromMs: firstMs, toMs: lastMs },
    since: { fromMs: Math.max(beganAtMs, endMs - COMPARED_MS), toMs: endMs },
  };
}

type FaredRanges = {
  readonly resolution: Resolution;
  readonly before: TimeRange;
  readonly since: TimeRange;
};

/** By Sidekiq's own count where it keeps one at both ends, else by what the watcher saw. */
export function faredParts({ doneBefore }: Story, { doneNow, before, since }: Fared): readonly Part[] {
  if (doneBefore !== null && doneNow !== undefined) return counted(doneBefore, doneNow);
  return watched(mergeSeen(before), mergeSeen(since));
}

function counted(
  doneBefore: Readonly<Record<string, number>>,
  doneNow: ReadonlyMap<string, number>,
): readonly Part[] {
  const rate = (perHour: number): string => (perHour === 0 ? NOTHING : perMinute(perHour / 60));
  return byClass(
    'Jobs done by class, in the hour before it began and in the last one',
    new Map(Object.entries(doneBefore)),
    doneNow,
    rate,
  );
}

/** Says what it is: worker time is no count of jobs, and a class whose jobs became slower takes more of it. */
function watched(before: Seen | undefined, since: Seen | undefined): readonly Part[] {
  const whose = 'Sidekiq before 7 does not count jobs by class';
  if (before === undefined || since === undefined) {
    const when = before === undefined ? 'before the migration was begun' : 'in its last day';
    return [
      {
        type: 'note',
        text: say`How the classes fared is not known: ${whose}, and the watcher saw nothing ${when}.`,
      },
    ];
  }
  const rates = `${perMinute(before.perMinute)} before it was begun, ${perMinute(since.perMinute)} in its last day`;
  const seen = `It watched ${duration(before.watchedMs)} of the day before and ${duration(since.watchedMs)} of the last one.`;
  return [
    {
      type: 'paragraph',
      text: say`As the watcher saw it: jobs that ended, of all classes together, ${rates}.`,
    },
    ...byClass(
      'Threads busy on average by class, in the day before it began and in its last day',
      before.threads,
      since.threads,
      threads,
    ),
    {
      type: 'note',
      text: say`${whose}, so these are threads that were busy with a class, not jobs done. ${seen}`,
    },
  ];
}

type Seen = {
  readonly perMinute: number;
  readonly threads: ReadonlyMap<string, number>;
  readonly watchedMs: number;
};

/** Only what was watched: spans that were filled in from Sidekiq's own counters know nothing of threads. */
function mergeSeen(samples: readonly HistorySample[]): Seen | undefined {
  const watched = samples.filter(({ busyByClass }) => busyByClass !== undefined);
  const all = mergeSamples(watched, 'day');
  if (all?.busyByClass === undefined || all.minutes === 0) return undefined;
  return {
    perMinute: all.processed / all.minutes,
    threads: all.busyByClass,
    watchedMs: all.minutes * SPAN_MS.minute,
  };
}

function byClass(
  caption: string,
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
  words: (value: number) => string,
): readonly Part[] {
  const rows = [...new Set([...before.keys(), ...now.keys()])]
    .map((name) => ({ name, before: before.get(name) ?? 0, now: now.get(name) ?? 0 }))
    .sort((one, other) => other.now - one.now || other.before - one.before);
  if (rows.length === 0) return [];
  const more = rows.length - SHOWN_CLASSES;
  const table: Table = {
    caption,
    columns: [
      { heading: 'Class', align: 'left' },
      { heading: 'Before', align: 'right' },
      { heading: 'Now', align: 'right' },
    ],
    rows: rows.slice(0, SHOWN_CLASSES).map((row) => [row.name, words(row.before), words(row.now)]),
    ...(more > 0 ? { more: `and ${exact(more)} more ${more === 1 ? 'class' : 'classes'}` } : {}),
  };
  return [{ type: 'table', table }];
}

function threads(value: number): string {
  if (value < LEAST_THREADS) return NOTHING;
  if (value >= 9.95) return exact(Math.round(value));
  return value < 0.095 ? value.toFixed(2) : value.toFixed(1);
}
