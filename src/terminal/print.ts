import { exact } from '../core/amounts.ts';
import type { Button, Part, Refusal, Reply, Tone } from '../core/reply/reply.ts';
import { plainText, say, type Text } from '../core/reply/text.ts';
import { chartLines } from './chart.ts';
import { cleaned, escapedJson } from './clean.ts';
import { padEnd, widthOf } from './columns.ts';
import { paint, type Run, runsOf, type Style } from './paint.ts';
import { tableLines } from './table.ts';
import { wrap } from './wrap.ts';

export type Page = { readonly width: number; readonly hasColour: boolean };

/** Lines without colour must tell the tone too. */
const MARK: Readonly<Record<Tone, string>> = { bad: '!!', warning: ' !', good: 'ok', neutral: ' -' };

/** A reply as lines of text for a terminal; the last one has no line break. */
export function printReply(reply: Reply, page: Page): string {
  const blocks =
    reply.type === 'refusal'
      ? [flow(reply.reason, page), flow(reply.remedy, page)]
      : [marked(reply.tone, reply.headline, page), ...reply.parts.map((part) => printPart(part, page))];
  const next = nextLine(reply.buttons, page);
  const lines = [...blocks, next].filter((block) => block.length > 0).map((block) => block.join('\n'));
  return lines.join('\n\n');
}

/** The documented shape of docs/json.md, for programs. */
export function printJson(reply: Reply): string {
  const data = reply.type === 'refusal' ? { refusal: refusalJson(reply) } : reply.data;
  return escapedJson(JSON.stringify(data, null, 2));
}

function refusalJson({ code, reason, remedy }: Refusal) {
  return { code, reason: plainText(reason), remedy: plainText(remedy) };
}

function printPart(part: Part, page: Page): readonly string[] {
  switch (part.type) {
    case 'paragraph':
      return flow(part.text, page);
    case 'heading':
      return [paint({ words: cleaned(part.text), style: 'bold' }, page.hasColour)];
    case 'list':
      return [
        ...part.items.flatMap(({ tone, text }) => marked(tone, text, page)),
        ...(part.left ? marked('neutral', say`And ${exact(part.left)} more.`, page) : []),
      ];
    case 'facts':
      return facts(part.facts, page);
    case 'table':
      return table(part.table, page);
    case 'chart':
      return chartLines(part.chart, page.width);
    case 'note':
      return flow(part.text, page, 'dim');
    default:
      return part satisfies never;
  }
}

function flow(text: Text, page: Page, style?: Style): readonly string[] {
  const runs = style === undefined ? runsOf(text) : runsOf(text).map(({ words }) => ({ words, style }));
  return lines(runs, page.width, page);
}

/** A sentence behind its mark, with the following lines indented as far. */
function marked(tone: Tone, text: Text, page: Page): readonly string[] {
  const mark = paint({ words: MARK[tone], style: tone }, page.hasColour);
  return lines(runsOf(text), page.width - 3, page).map(
    (line, index) => `${index === 0 ? mark : '  '} ${line}`,
  );
}

function facts(
  pairs: readonly { readonly label: string; readonly value: Text }[],
  page: Page,
): readonly string[] {
  const labels = pairs.map(({ label }) => cleaned(label));
  const indent = labels.reduce((widest, label) => Math.max(widest, widthOf(label)), 0) + 2;
  return pairs.flatMap(({ value }, index) =>
    lines(runsOf(value), page.width - indent, page).map((line, row) => {
      const label = padEnd(row === 0 ? (labels[index] ?? '') : '', indent);
      return `${paint({ words: label, style: 'bold' }, page.hasColour)}${line}`;
    }),
  );
}

function table(shown: Extract<Part, { type: 'table' }>['table'], page: Page): readonly string[] {
  const { heading, rows } = tableLines(shown, page.width);
  return [
    `${cleaned(shown.caption)}:`,
    paint({ words: heading, style: 'bold' }, page.hasColour),
    ...rows,
    ...(shown.more === undefined ? [] : [cleaned(shown.more)]),
  ];
}

/** What would be buttons in Slack; Share and Refresh have no use here. */
function nextLine(buttons: readonly Button[], page: Page): readonly string[] {
  const asks = buttons.flatMap((button) => (button.type === 'ask' ? [button.command] : []));
  if (asks.length === 0) return [];
  return flow([`Next: ${asks.join(' · ')}`], page, 'dim');
}

function lines(runs: readonly Run[], width: number, page: Page): readonly string[] {
  return wrap(runs, Math.max(1, width)).map((line) =>
    merged(line)
      .map((run) => paint(run, page.hasColour))
      .join(''),
  );
}

/** Neighbours of one look as one run, so that a bold sentence is one sequence and not one for each word. */
function merged(runs: readonly Run[]): readonly Run[] {
  const done: Run[] = [];
  for (const run of runs) {
    const last = done.at(-1);
    if (last?.style !== run.style) done.push(run);
    else done[done.length - 1] = { words: last.words + run.words, style: run.style };
  }
  return done;
}
