import { counted, duration, exact, percent, short } from '../amounts.ts';
import { usuallyPhrase } from '../history/phrases.ts';
import type { Usual } from '../history/usual.ts';
import { type Answer, type Button, NOTHING, type Part, type Table } from '../reply/reply.ts';
import { at, bold, code, say, type Text } from '../reply/text.ts';
import type { Backlog, ClassCount } from '../sidekiq/backlog.ts';
import { backlogJson } from './json.ts';

/** What fits a screen; the rest is counted. */
const SHOWN_CLASSES = 15;

/** What waits, by job class: which one it mostly is, then every place where each hides. */
export function backlogAnswer(
  backlog: Backlog,
  queue: string | undefined,
  usual: Usual | undefined,
  buttons: readonly Button[],
): Answer {
  const classes = backlog.classes.toSorted((a, b) => b.total - a.total || b.running - a.running);
  const jobs = jobsOf(backlog);
  return {
    type: 'answer',
    tone: 'neutral',
    headline: headlineOf(backlog, classes, jobs, queue, usual),
    parts: [...runningPart(classes), ...tablePart(backlog, classes, jobs, queue), ...notes(backlog)],
    buttons,
    data: backlogJson(backlog, classes, jobs, queue, usual),
  };
}

/** History knows of what waits in queues; what is counted beside them, such as retries, is not meant. */
function usually(usual: Usual | undefined, queue: string | undefined): string {
  if (usual === undefined) return '';
  return ` (${queue === undefined ? 'in queues ' : ''}${usuallyPhrase(usual)})`;
}

/** Jobs of a class, of classes too many to remember, and payloads that are none: all that was counted and waits. */
function jobsOf({ classes, ofOtherClasses, notJobs }: Backlog): number {
  return classes.reduce((sum, { total }) => sum + total, notJobs + (ofOtherClasses ?? 0));
}

function headlineOf(
  backlog: Backlog,
  classes: readonly ClassCount[],
  jobs: number,
  queue: string | undefined,
  usual: Usual | undefined,
): Text {
  const where = queue === undefined ? say`` : say` in ${code(queue)}`;
  const place = say`${where}${usually(usual, queue)}`;
  const [top] = classes;
  if (jobs === 0) return say`${bold(`${backlog.sidekiq}: nothing waits`)}${place}.`;
  const atLeast = backlog.isExact ? '' : 'at least ';
  const waits = counted(jobs, 'job waits', 'jobs wait');
  const lead = say`${bold(`${backlog.sidekiq}: ${atLeast}${waits}`)}${place}`;
  if (top === undefined || top.total === 0) return say`${lead}, none of a known class.`;
  if (top.total === jobs) return say`${lead}, all of ${code(top.jobClass)}.`;
  return say`${lead}; ${percent(top.total, jobs)} of them are ${code(top.jobClass)}.`;
}

/** What runs most is seldom what waits most; in an incident it is what everybody looks for. */
function runningPart(classes: readonly ClassCount[]): readonly Part[] {
  const [waiting] = classes;
  const [runs] = classes.toSorted((a, b) => b.running - a.running);
  if (runs === undefined || runs.running === 0 || runs === waiting) return [];
  const threads = counted(runs.running, 'thread');
  return [{ type: 'paragraph', text: say`Most busy threads run ${code(runs.jobClass)}: ${threads}.` }];
}

type Column = Table['columns'][number] & {
  readonly cell: (count: ClassCount) => string;
  /** Left out when no class has anything there. */
  readonly isNeeded: (classes: readonly ClassCount[]) => boolean;
};

function tablePart(
  backlog: Backlog,
  classes: readonly ClassCount[],
  jobs: number,
  queue: string | undefined,
): readonly Part[] {
  if (classes.length === 0) return [];
  const columns = columnsOf(backlog, jobs, queue).filter(({ isNeeded }) => isNeeded(classes));
  const shown = classes.slice(0, SHOWN_CLASSES);
  const rest = classes.slice(SHOWN_CLASSES);
  const more = `and ${counted(rest.length, 'more class', 'more classes')} with ${counted(
    rest.reduce((sum, { total }) => sum + total, 0),
    'job',
  )}`;
  return [
    {
      type: 'table',
      table: {
        caption: 'Waiting jobs by class, most first',
        columns: columns.map(({ heading, align }) => ({ heading, align })),
        rows: shown.map((count) => columns.map(({ cell }) => cell(count))),
        ...(rest.length > 0 ? { more } : {}),
      },
    },
  ];
}

function columnsOf(backlog: Backlog, jobs: number, queue: string | undefined): readonly Column[] {
  const always = (): boolean => true;
  const number = (heading: string, of: (count: ClassCount) => number): Column => ({
    heading,
    align: 'right',
    cell: (count) => short(of(count)),
    isNeeded: (classes) => classes.some((count) => of(count) > 0),
  });
  return [
    { heading: 'Class', align: 'left', cell: ({ jobClass }) => jobClass, isNeeded: always },
    { ...number('Total', ({ total }) => total), isNeeded: always },
    { heading: 'Share', align: 'right', cell: ({ total }) => percent(total, jobs), isNeeded: always },
    number('Queued', ({ inQueues }) => inQueues),
    number('Retry', ({ inRetrySet }) => inRetrySet),
    number('Later', ({ inScheduledSet }) => inScheduledSet),
    number('Private', ({ inPrivateLists }) => inPrivateLists),
    number('Running', ({ running }) => running),
    { heading: 'Oldest', align: 'right', cell: (count) => ageOf(count, backlog.takenAtMs), isNeeded: always },
    {
      heading: 'Queues',
      align: 'left',
      cell: ({ queues }) => queueNames(queues),
      isNeeded: (classes) => queue === undefined && classes.some(({ queues }) => queues.length > 0),
    },
  ];
}

function ageOf({ oldestAtMs }: ClassCount, nowMs: number): string {
  return oldestAtMs === undefined ? NOTHING : duration(nowMs - oldestAtMs);
}

function queueNames(queues: ClassCount['queues']): string {
  const [biggest, ...others] = queues.toSorted((a, b) => b.count - a.count);
  if (biggest === undefined) return NOTHING;
  return others.length === 0 ? biggest.name : `${biggest.name} +${exact(others.length)}`;
}

function notes(backlog: Backlog): readonly Part[] {
  const { ofOtherClasses, notJobs, takenAtMs, tookMs } = backlog;
  const others =
    ofOtherClasses === undefined
      ? ''
      : `${counted(ofOtherClasses, 'job')} of still more classes are not listed. `;
  const odd = notJobs === 0 ? '' : `${counted(notJobs, 'entry is', 'entries are')} no job at all. `;
  const text = say`${partial(backlog)}${others}${odd}Counted in ${duration(tookMs)}, ${at(takenAtMs)}.`;
  return [{ type: 'note', text }];
}

/** Either the time ran out, or not all places are known yet. */
function partial({ isExact, readCount, knownCount }: Backlog): string {
  if (isExact) return '';
  if (readCount >= knownCount) {
    return 'The search for private lists is still under way: every number is "at least". ';
  }
  return `Time ran out after ${exact(readCount)} of ${exact(knownCount)}: every number is "at least". Ask for one queue to see more of it. `;
}
