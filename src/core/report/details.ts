import { counted, duration, short } from '../amounts.ts';
import type { HistorySample } from '../history/sample.ts';
import { listed } from '../reply/listed.ts';
import { type Answer, type Button, NOTHING, type Part, type Table } from '../reply/reply.ts';
import { at, bold, say } from '../reply/text.ts';
import { reportAnswer, SHOWN } from './answer.ts';
import { reportLeads } from './leads.ts';
import { clockTime } from './night.ts';
import type { Report } from './report.ts';

const SHOWN_QUEUES = 15;

/** What is posted by itself: the message, and its thread. */
export function postOf(report: Report): { readonly message: Answer; readonly details: Answer } {
  return { message: reportAnswer(report, reportLeads(report)), details: reportDetails(report) };
}

/** What did not fit into the post. */
function reportDetails(report: Report): Answer {
  const { morning, notable, drifts, open } = report;
  return {
    type: 'answer',
    tone: 'neutral',
    headline: say`${bold(`${morning.policy.name}: the night in detail`)}`,
    parts: detailParts(report, [
      ...listed('Also out of the ordinary', notable.slice(SHOWN.notable), 20),
      ...listed('Also changed', drifts.slice(SHOWN.drifts), 10),
      ...listed('Also open', open.slice(SHOWN.open), 20),
    ]),
    buttons: [],
    data: null,
  };
}

/** To one person, in one message: what does not fit into it is of the details, never the foot with the audit head. */
export function wholeReport(report: Report, buttons: readonly Button[]): Answer {
  const answer = reportAnswer(report, buttons);
  return { ...answer, parts: [...answer.parts, ...detailParts(report, [])] };
}

function detailParts({ morning, usualOf }: Report, between: readonly Part[]): readonly Part[] {
  const { samples, calendar, range } = morning.night;
  const table = queueTable(samples, (atMs) => clockTime(atMs, calendar));
  const isYoung = usualOf({ kind: 'waiting' }, range.fromMs) === undefined;
  const young = isYoung
    ? say`What is usual I learn from the third day on; until then nothing is called unusual but broken promises. `
    : [];
  const times = say`The night from ${at(range.fromMs)} to ${at(range.toMs)}; clock times are of ${calendar.timezone}.`;
  return [...(table === undefined ? [] : [table]), ...between, { type: 'note', text: say`${young}${times}` }];
}

/** The queues that had most jobs, with when and for how long the next one waited. */
function queueTable(samples: readonly HistorySample[], clock: (atMs: number) => string): Part | undefined {
  const peaks = new Map<string, { most: number; atMs: number; latencyMs: number }>();
  for (const { atMs, queues } of samples) {
    for (const [name, { mostSize, latencyMs }] of queues ?? []) {
      const known = peaks.get(name) ?? { most: 0, atMs, latencyMs: 0 };
      const isPeak = mostSize > known.most;
      peaks.set(name, {
        most: isPeak ? mostSize : known.most,
        atMs: isPeak ? atMs : known.atMs,
        latencyMs: Math.max(known.latencyMs, latencyMs),
      });
    }
  }
  if (peaks.size === 0) return undefined;
  const sorted = [...peaks].sort(([, a], [, b]) => b.most - a.most);
  const left = sorted.length - SHOWN_QUEUES;
  const table: Table = {
    caption: 'Queues through the night, the fullest first',
    columns: [
      { heading: 'Queue', align: 'left' },
      { heading: 'Most waiting', align: 'right' },
      { heading: 'At', align: 'right' },
      { heading: 'Longest wait', align: 'right' },
    ],
    rows: sorted
      .slice(0, SHOWN_QUEUES)
      .map(([name, { most, atMs, latencyMs }]) => [
        name,
        short(Math.round(most)),
        clock(atMs),
        latencyMs === 0 ? NOTHING : duration(latencyMs),
      ]),
    ...(left > 0 ? { more: `and ${counted(left, 'more queue')}` } : {}),
  };
  return { type: 'table', table };
}
