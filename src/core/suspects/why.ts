import { bytes, counted, exact } from '../amounts.ts';
import type { Crash } from '../attribution/crash.ts';
import { type Answer, type Button, NOTHING } from '../reply/reply.ts';
import { at, bold, say } from '../reply/text.ts';
import type { Suspects } from './account.ts';
import { crashJson } from './json.ts';

/** More are read by nobody; the oldest are left out. */
const SHOWN_CRASHES = 30;
const SHOWN_CLASSES = 4;

/** The crashes at which a class was in flight, one by one, the latest first. */
export function whyAnswer(suspects: Suspects, jobClass: string, buttons: readonly Button[]): Answer {
  const { account, sidekiq, takenAtMs } = suspects;
  const crashes = crashesWith(suspects, jobClass).toReversed();
  const shown = crashes.slice(0, SHOWN_CRASHES);
  const rest = crashes.length - shown.length;
  const isTold = shown.some(({ termination }) => termination !== undefined);
  const times = `${exact(crashes.length)} of ${counted(account.crashes.length, 'crash', 'crashes')}`;
  return {
    type: 'answer',
    tone: 'neutral',
    headline: say`${bold(`${sidekiq}: ${jobClass} was in flight at ${times}`)}.`,
    parts: [
      {
        type: 'table',
        table: {
          caption: 'Crashes, the latest first; times in UTC, by the last sign of life',
          columns: [
            { heading: 'Time', align: 'left' },
            { heading: 'Host', align: 'left' },
            { heading: 'In flight', align: 'left' },
            { heading: 'Memory', align: 'right' },
            ...(isTold ? [{ heading: 'End', align: 'left' as const }] : []),
            { heading: 'Identity', align: 'left' },
          ],
          rows: shown.map((crash) => rowOf(crash, jobClass, isTold)),
          ...(rest > 0 ? { more: `and ${counted(rest, 'earlier crash', 'earlier crashes')}` } : {}),
        },
      },
      { type: 'note', text: say`Processes are lost within seconds of these times. Read ${at(takenAtMs)}.` },
    ],
    buttons,
    data: {
      sidekiq,
      takenAt: new Date(takenAtMs).toISOString(),
      class: jobClass,
      crashes: crashes.map(crashJson),
    },
  };
}

export function crashesWith({ account }: Suspects, jobClass: string): readonly Crash[] {
  return account.crashes.filter(({ inFlight }) => inFlight.some((job) => job.jobClass === jobClass));
}

function rowOf(crash: Crash, jobClass: string, isTold: boolean): readonly string[] {
  const { atMs, host, inFlight, rssKb, identity, termination } = crash;
  const end = termination === undefined ? NOTHING : `${termination.reason} (${termination.exitCode})`;
  const counts = [...Map.groupBy(inFlight, (job) => job.jobClass)]
    .map(([name, jobs]) => ({ name, jobs: jobs.length }))
    .toSorted((a, b) => Number(b.name === jobClass) - Number(a.name === jobClass) || b.jobs - a.jobs);
  const rest = counts.slice(SHOWN_CLASSES).reduce((sum, { jobs }) => sum + jobs, 0);
  const named = counts.slice(0, SHOWN_CLASSES).map(({ name, jobs }) => `${exact(jobs)} ${name}`);
  return [
    new Date(atMs).toISOString().slice(5, 19).replace('T', ' '),
    host,
    [...named, ...(rest > 0 ? [`${exact(rest)} more`] : [])].join(', '),
    rssKb === undefined ? NOTHING : bytes(rssKb * 1024),
    ...(isTold ? [end] : []),
    identity,
  ];
}
