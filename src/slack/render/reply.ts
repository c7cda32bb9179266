import type { Answer, Part, Refusal, Reply } from '../../core/reply/reply.ts';
import { at, person, say, type Text } from '../../core/reply/text.ts';
import type { ShareValue } from '../action-ids.ts';
import { cutEscaped, cutPlain, type Drawn, faultsOf, LIMITS, sizeOf } from '../limits.ts';
import { buttons } from './buttons.ts';
import { mrkdwn, plain, unmarked } from './mrkdwn.ts';
import { drawPart } from './part.ts';
import { CIRCLES, context, section } from './parts.ts';
import { spokenReply } from './spoken.ts';

/** What is posted: `text` says it all for those who don't see the blocks. */
export type Message = { readonly text: string; readonly blocks: readonly Drawn[] };

export type Drawing = {
  /** False draws charts as words, for a workspace whose Slack does not take them. */
  readonly hasCharts: boolean;
  /** For an answer to one person that may be shared. */
  readonly share?: ShareValue;
  /** For an answer that was shared: by whom, and when it was given. */
  readonly shared?: { readonly by: string; readonly answeredAtMs: number };
};

/** A reply as Slack shows it, never above its limits: what does not fit is left out, and that is said. */
export function renderReply(reply: Reply, drawing: Drawing): Message {
  const text = spokenReply(reply);
  const sharedBy = drawing.shared === undefined ? [] : sharedLine(drawing.shared);
  const blocks = [
    ...context(mrkdwn(sharedBy, LIMITS.section)),
    ...(reply.type === 'refusal' ? refusalBlocks(reply, drawing) : answerBlocks(reply, drawing)),
  ];
  const full = [unmarked(sharedBy), text].filter((line) => line !== '').join('\n');
  // Whatever this file got wrong, the person still reads the answer.
  const isSendable = faultsOf(blocks).length === 0;
  return { text: cutEscaped(full, LIMITS.text), blocks: isSendable ? blocks : section(text) };
}

function refusalBlocks(refusal: Refusal, drawing: Drawing): readonly Drawn[] {
  return [
    ...section(`ℹ️ ${mrkdwn(refusal.reason, LIMITS.section - 3)}`),
    ...section(mrkdwn(refusal.remedy, LIMITS.section)),
    ...buttons(refusal.buttons, drawing.share),
  ];
}

/** Room for the line that says what was left out, and for who shared it. */
const RESERVED = 900;

function answerBlocks(answer: Answer, drawing: Drawing): readonly Drawn[] {
  const head = headline(answer);
  const foot = buttons(answer.buttons, drawing.share);
  const body: Drawn[] = [];
  const missing: string[] = [];
  for (const part of answer.parts) {
    const taken = [...head, ...body, ...foot];
    const drawn = drawPart(part, body, LIMITS.allBlocks - sizeOf(taken) - RESERVED, drawing);
    const fits =
      drawn !== undefined &&
      sizeOf([...taken, ...drawn]) <= LIMITS.allBlocks - RESERVED &&
      taken.length + drawn.length <= LIMITS.blocks - 2;
    if (fits) body.push(...drawn);
    else missing.push(nameOf(part));
  }
  return [...head, ...body, ...leftOutLine(missing), ...foot];
}

/** With `emoji`, Slack draws the sign in its own way, and would draw the middle of `a::b::c` as well. */
const EMOJI_NAME = /:[a-z0-9_+'-]+:/;

/** As large as it can be; where it holds a time or a person, or is long, as bold words that can show them. */
function headline({ tone, headline }: Answer): readonly Drawn[] {
  const words = `${CIRCLES[tone]} ${plain(headline).replaceAll('\n', ' ').trim()}`;
  const isPlain = headline.every((span) => typeof span === 'string' || 'code' in span || 'bold' in span);
  if (isPlain && words.length <= LIMITS.header) {
    return [{ type: 'header', text: { type: 'plain_text', text: words, emoji: !EMOJI_NAME.test(words) } }];
  }
  return section(`${CIRCLES[tone]} ${mrkdwn(headline, LIMITS.section - 3)}`);
}

function leftOutLine(missing: readonly string[]): readonly Drawn[] {
  if (missing.length === 0) return [];
  const named = missing.slice(0, 3).join(', ');
  const others = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
  return context(mrkdwn([`Left out, because it is too long for one message: ${named}${others}.`], 600));
}

function nameOf(part: Part): string {
  switch (part.type) {
    case 'heading':
      return `“${cutPlain(part.text, 60)}”`;
    case 'table':
      return `the table “${cutPlain(part.table.caption, 60)}”`;
    case 'chart':
      return `the chart “${cutPlain(part.chart.title, 60)}”`;
    case 'list':
      return part.items.length === 1 ? 'a line' : `a list of ${part.items.length} lines`;
    case 'facts':
      return `${part.facts.length} figures`;
    case 'paragraph':
    case 'note':
      return 'a paragraph';
    default:
      return part satisfies never;
  }
}

function sharedLine({ by, answeredAtMs }: { readonly by: string; readonly answeredAtMs: number }): Text {
  return say`Shared by ${person(by)}, as it was ${at(answeredAtMs)}`;
}
