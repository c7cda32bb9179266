import type { types } from '@slack/bolt';
import { exact } from '../../core/amounts.ts';
import type { Part, Tone } from '../../core/reply/reply.ts';
import { cutEscaped, type Drawn, LIMITS } from '../limits.ts';
import { escapeForeign, mrkdwn } from './mrkdwn.ts';

type PartOf<T extends Part['type']> = Extract<Part, { type: T }>;

/** Colour is said by a sign, never by colour alone; the words beside it say the same. */
export const CIRCLES: Readonly<Record<Tone, string>> = {
  good: '🟢',
  warning: '🟡',
  bad: '🔴',
  neutral: '⚪',
};

export const paragraph = ({ text }: PartOf<'paragraph'>) => section(mrkdwn(text, LIMITS.section));

export const heading = ({ text }: PartOf<'heading'>) =>
  section(`*${cutEscaped(escapeForeign(text).replaceAll(/[*\n]/g, ' ').trim(), LIMITS.section - 2)}*`);

export const note = ({ text }: PartOf<'note'>) => context(mrkdwn(text, LIMITS.section));

/** One line an item; a list that is too long ends with how many more there are. */
export function list({ items, left = 0 }: PartOf<'list'>): readonly Drawn[] {
  const lines: string[] = [];
  let room = LIMITS.section - MORE_MAX;
  for (const { tone, text } of items) {
    const line = `${CIRCLES[tone]} ${mrkdwn(text, ITEM_MAX)}`;
    room -= line.length + 1;
    if (room < 0) break;
    lines.push(line);
  }
  return section([...lines, ...andMore(items.length - lines.length + left)].join('\n'));
}

/** How many there are beyond those that were said. */
export function andMore(count: number): readonly string[] {
  return count > 0 ? [`… and ${exact(count)} more`] : [];
}

const ITEM_MAX = 600;
/** Room for "… and 1,234,567 more". */
const MORE_MAX = 40;

/** Label above value, two a row. */
export function facts({ facts }: PartOf<'facts'>): readonly Drawn[] {
  const fields = facts.map(({ label, value }) =>
    mrkdwnObject(
      cutEscaped(
        `*${escapeForeign(label).replaceAll(/[*\n]/g, ' ').trim()}*\n${mrkdwn(value, FACT_MAX)}`,
        LIMITS.field,
      ),
    ),
  );
  const blocks: types.SectionBlock[] = [];
  for (let at = 0; at < fields.length; at += LIMITS.fields) {
    blocks.push({ type: 'section', fields: fields.slice(at, at + LIMITS.fields) });
  }
  return blocks;
}

const FACT_MAX = 1500;

/** A section of text that is escaped already; none when there is nothing to say, which Slack would refuse. */
export function section(escaped: string): readonly Drawn[] {
  if (isBlank(escaped)) return [];
  return [{ type: 'section', text: mrkdwnObject(cutEscaped(escaped, LIMITS.section)) }];
}

/** Small print, of text that is escaped already. */
export function context(escaped: string): readonly Drawn[] {
  if (isBlank(escaped)) return [];
  return [{ type: 'context', elements: [mrkdwnObject(cutEscaped(escaped, LIMITS.section))] }];
}

const isBlank = (escaped: string) => escaped.replaceAll('*', '').trim() === '';

/** `verbatim` keeps Slack from making links out of foreign words. */
function mrkdwnObject(text: string): types.MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}
