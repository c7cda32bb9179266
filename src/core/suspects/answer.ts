import { bytes, counted, duration, exact, percent } from '../amounts.ts';
import type { Hint } from '../attribution/hints.ts';
import type { Suspect } from '../attribution/suspect.ts';
import { terminationSentence } from '../attribution/termination.ts';
import { times, verdictSentences } from '../attribution/verdict-sentences.ts';
import { type Answer, type Button, NOTHING, type Part, type Table, type Tone } from '../reply/reply.ts';
import { at, bold, code, type Span, say, type Text } from '../reply/text.ts';
import type { Account, Suspects } from './account.ts';
import { suspectsJson } from './json.ts';

const SHOWN_HINTS = 3;

/** Who is crashing the workers: the verdict in two lines, the numbers behind it, and what else was seen. */
export function suspectsAnswer(suspects: Suspects, buttons: readonly Button[]): Answer {
  const { account, sidekiq } = suspects;
  const hints = (suspects.hints ?? []).slice(0, SHOWN_HINTS);
  const [headline, reason] = verdictSentences(account.verdict);
  return {
    type: 'answer',
    tone: toneOf(account, hints),
    headline: headlineOf(sidekiq, account, headline, hints),
    parts: [
      { type: 'paragraph', text: [reason] },
      ...hintParts(hints),
      ...tablePart(account),
      ...endsPart(suspects),
      { type: 'note', text: say`${noteOf(suspects)} Read ${at(suspects.takenAtMs)}.` },
    ],
    buttons,
    data: suspectsJson(suspects),
  };
}

function toneOf({ verdict }: Account, hints: readonly Hint[]): Tone {
  switch (verdict.kind) {
    case 'likely':
      return 'bad';
    case 'no crash':
      return hints.length > 0 ? 'warning' : 'good';
    default:
      return 'warning';
  }
}

function headlineOf(sidekiq: string, account: Account, headline: string, hints: readonly Hint[]): Text {
  const [hint] = hints;
  const isEmpty = account.verdict.kind === 'no crash';
  if (!isEmpty) return say`${bold(`${sidekiq}: ${headline}`)}`;
  if (hint !== undefined)
    return say`${bold(`${sidekiq}: no crash was seen happening yet`)}, but what lies around points to ${code(hint.jobClass)}.`;
  if (account.watched === undefined)
    return say`${bold(`${sidekiq}: nothing points to a class.`)} Nothing was watched yet, and nothing telling lies around.`;
  return say`${bold(`${sidekiq}: no worker process has crashed`)} in ${watchedFor(account)}.`;
}

/** No probability: nobody knows for how long these classes ran without harm. */
function hintParts(hints: readonly Hint[]): readonly Part[] {
  if (hints.length === 0) return [];
  const items = hints.map(({ jobClass, sentences }) => ({
    tone: 'warning' as const,
    text: say`${code(jobClass)} ${sentences.join('; ')}.`,
  }));
  const worth =
    'Found lying around, not seen happen: worth a look, not a verdict. The first crashes that are watched replace it.';
  return [
    { type: 'list', items },
    { type: 'note', text: [worth] },
  ];
}

type Column = Table['columns'][number] & {
  readonly cell: (suspect: Suspect) => string;
  readonly isNeeded?: (ranked: readonly Suspect[]) => boolean;
};

function tablePart(account: Account): readonly Part[] {
  const { ranked, more } = account;
  if (ranked.length === 0) return [];
  const columns = columnsOf(account.crashes.length).filter(({ isNeeded }) => isNeeded?.(ranked) ?? true);
  return [
    {
      type: 'table',
      table: {
        caption: 'Classes that were in flight at crashes, the likeliest culprit first',
        columns: columns.map(({ heading, align }) => ({ heading, align })),
        rows: ranked.map((suspect) => columns.map(({ cell }) => cell(suspect))),
        ...(more > 0 ? { more: `and ${counted(more, 'more class', 'more classes')}` } : {}),
      },
    },
  ];
}

function columnsOf(crashes: number): readonly Column[] {
  const number = (heading: string, cell: (suspect: Suspect) => string): Column => {
    return { heading, align: 'right', cell };
  };
  return [
    { heading: 'Class', align: 'left', cell: ({ jobClass }) => jobClass },
    number('Blame', ({ p }) => percent(p, 1)),
    number('At crashes', (one) => `${exact(one.crashes)} of ${exact(crashes)}`),
    number('Worker time', ({ workShare }) => percent(workShare, 1)),
    number('Crash rate', ({ rateRatio }) => (rateRatio === undefined ? NOTHING : times(rateRatio))),
    {
      ...number('Memory', ({ grewKb }) => (grewKb === undefined ? NOTHING : `+${bytes(grewKb * 1024)}`)),
      isNeeded: (ranked) => ranked.some(({ grewKb }) => grewKb !== undefined),
    },
    number('Threads lost', ({ cost }) => exact(cost.threadsLost)),
    number('Others killed', ({ cost }) => exact(cost.innocentsKilled)),
    number('Time lost', ({ cost }) => (cost.innocentsKilled === 0 ? NOTHING : duration(cost.workLostMs))),
  ];
}

function endsPart({ account, platformTrouble }: Suspects): readonly Part[] {
  const { crashes, ends, verdict, watched } = account;
  if (watched === undefined) return [];
  const others = [
    counted(ends.get('clean stop') ?? 0, 'clean stop'),
    `${exact(ends.get('killed while stopping') ?? 0)} killed while stopping`,
    `${exact(ends.get('unknown') ?? 0)} unknown`,
  ];
  const losses = verdict.kind === 'no crash' ? [] : verdict.machineLosses;
  const machines = losses.flatMap(({ host, processes, withinMs }, index): Span[] => [
    `${index === 0 ? '' : '; '}${exact(processes)} processes on `,
    code(host),
    ` within ${duration(Math.max(1000, withinMs))}`,
  ]);
  const facts = [
    { label: 'Ends', value: say`${counted(crashes.length, 'crash', 'crashes')}, ${others.join(', ')}` },
  ];
  if (machines.length > 0) facts.push({ label: 'Lost at once', value: machines });
  const platform = terminationSentence(crashes) ?? platformTrouble;
  if (platform !== undefined) facts.push({ label: 'Kubernetes', value: [platform] });
  return [{ type: 'facts', facts }];
}

function noteOf({ account, windowMs }: Suspects): string {
  const { watched } = account;
  if (watched === undefined) return 'No crash could be watched: this only shows what lies around in Redis.';
  const asked = windowMs === undefined ? '' : ` of the last ${duration(windowMs)}`;
  return `Watched for ${watchedFor(account)}${asked}; at most a day is kept.`;
}

function watchedFor({ watched }: Account): string {
  return watched === undefined ? 'no time' : duration(watched.toMs - watched.fromMs);
}
