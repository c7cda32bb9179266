import { counted, exact, percent, short } from '../amounts.ts';
import { formatHead } from '../audit/record.ts';
import { VERDICT_TONE } from '../health/answer.ts';
import type { HistorySample } from '../history/sample.ts';
import { listed } from '../reply/listed.ts';
import type { Answer, Button, Part, Tone } from '../reply/reply.ts';
import { at, bold, code, say, type Text } from '../reply/text.ts';
import { nightChart } from './chart.ts';
import { headlineOf } from './headline.ts';
import { reportJson } from './json.ts';
import { type Morning, nightBefore } from './night.ts';
import type { Report } from './report.ts';
import { isCounted, isWhole } from './seen.ts';

/** A morning is read with coffee, not studied: what is beyond this stands in the thread. */
export const SHOWN = { notable: 6, drifts: 3, open: 6 } as const;

/** The morning post: first whether the night finished, then the difference and not the list. */
export function reportAnswer(report: Report, buttons: readonly Button[]): Answer {
  const { morning, notable, drifts, open } = report;
  const chart = nightChart(morning.night.samples, morning.night, report.usualOf);
  return {
    type: 'answer',
    tone: toneOf(report),
    headline: headlineOf(report),
    parts: [
      ...lateNote(morning),
      { type: 'paragraph', text: totals(report) },
      ...nowLine(morning),
      ...(notable.length === 0
        ? [nothingNotable(report)]
        : listed('Out of the ordinary', notable, SHOWN.notable)),
      ...(chart === undefined ? [] : [{ type: 'chart', chart } as const]),
      ...listed('Changed since the night before', drifts, SHOWN.drifts),
      ...listed('Still open', open, SHOWN.open),
      { type: 'note', text: footOf(morning) },
    ],
    buttons,
    data: reportJson(report),
  };
}

function toneOf({ morning: { now }, seen, finish, notable }: Report): Tone {
  const lines = notable.map(({ tone }) => tone);
  const all: Tone[] = [
    'health' in now ? VERDICT_TONE[now.health.verdict] : 'bad',
    ...(finish.type === 'unfinished' ? (['bad'] as const) : []),
    ...(isWhole(seen) ? [] : (['warning'] as const)),
    // What is over is no alarm any more, however bad it was.
    ...(lines.length > 0 ? (['warning'] as const) : []),
  ];
  return (['bad', 'warning', 'good'] as const).find((tone) => all.includes(tone)) ?? 'good';
}

function lateNote({ lateSinceMs }: Morning): readonly Part[] {
  if (lateSinceMs === undefined) return [];
  return [
    {
      type: 'paragraph',
      text: say`${bold('Late:')} this was due ${at(lateSinceMs)}, and I could not post it then.`,
    },
  ];
}

function totals({ morning, seen }: Report): Text {
  const { samples, before, range, calendar } = morning.night;
  const [now, then] = [doneIn(samples), doneIn(before)];
  if (samples.length === 0) return say`Nothing was counted this night.`;
  const failed =
    now.failed === 0 ? 'none failed' : `${exact(now.failed)} failed (${percent(now.failed, now.done)})`;
  if (!isWhole(seen)) return say`In what I saw: ${counted(now.done, 'job')} done, ${failed}.`;
  const earlier = isCounted(before, nightBefore(range, calendar))
    ? `; the night before ${short(then.done)} done, ${short(then.failed)} failed`
    : '';
  return say`${counted(now.done, 'job')} done, ${failed}${earlier}.`;
}

function doneIn(samples: readonly HistorySample[]): {
  readonly done: number;
  readonly failed: number;
} {
  return {
    done: samples.reduce((sum, { processed }) => sum + processed, 0),
    failed: samples.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function nowLine({ now }: Morning): readonly Part[] {
  if ('unread' in now)
    return [{ type: 'list', items: [{ tone: 'bad', text: say`Now it can’t be read: ${now.unread}` }] }];
  const { verdict, reasons } = now.health;
  const [worst] = reasons;
  if (worst === undefined) return [];
  const text = say`${bold(`Now: ${verdict}.`)} ${worst.text}`;
  return [{ type: 'list', items: [{ tone: VERDICT_TONE[verdict], text }] }];
}

function nothingNotable({ morning: { now }, finish, seen }: Report): Part {
  const paragraph = (text: Text): Part => ({ type: 'paragraph', text });
  if (finish.type === 'unseen')
    return paragraph(say`Whether anything was out of the ordinary, nobody knows.`);
  const figures = 'no alert, no figure out of its usual range';
  const crashes = 'unread' in now ? ' Whether a worker process crashed can’t be looked up now.' : '';
  if (!isWhole(seen))
    return paragraph(say`In what I saw nothing was out of the ordinary; of the rest nobody knows.${crashes}`);
  return 'unread' in now
    ? paragraph(say`Nothing else is notable: ${figures}.${crashes}`)
    : paragraph(say`${bold('Nothing notable:')} no crash, ${figures}.`);
}

function footOf({ night: { head }, nowMs }: Morning): Text {
  const log = head.count === 0 ? say`The audit log is empty` : say`Audit head ${code(formatHead(head))}`;
  return say`${log}. Read ${at(nowMs)}.`;
}
