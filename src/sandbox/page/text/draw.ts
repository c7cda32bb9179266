import { type Child, el, icon } from '../el.ts';
import { formatDate } from './dates.ts';
import type { Inline, ListItem, Prose } from './prose.ts';

/** Turns the ids that stand in a text into names that people know. */
export type Names = { readonly user: (id: string) => string; readonly channel: (id: string) => string };

export function drawProse(prose: readonly Prose[], names: Names): readonly Node[] {
  return prose.map((part) => drawPart(part, names));
}

/** The words of a short label: paragraphs without their boxes. */
export function drawInlineText(prose: readonly Prose[], names: Names): readonly Child[] {
  return prose.flatMap((part) =>
    part.kind === 'paragraph' ? drawInlines(part.children, names) : [drawPart(part, names)],
  );
}

function drawPart(part: Prose, names: Names): HTMLElement {
  switch (part.kind) {
    case 'paragraph':
      return el('p', {}, ...drawInlines(part.children, names));
    case 'heading':
      return el(
        'p',
        { class: 'prose-heading', role: 'heading', 'aria-level': String(part.level + 2) },
        ...drawInlines(part.children, names),
      );
    case 'quote':
      return el('blockquote', {}, ...drawProse(part.children, names));
    case 'preformatted':
      return el('pre', { tabindex: '0' }, part.text);
    case 'list':
      return drawList(part.isOrdered, part.items, names);
    case 'table':
      return drawTable(part.rows, names);
    case 'rule':
      return el('hr');
    default:
      return part satisfies never;
  }
}

function drawList(isOrdered: boolean, items: readonly ListItem[], names: Names): HTMLElement {
  return el(
    isOrdered ? 'ol' : 'ul',
    {},
    ...items.map((item) =>
      el('li', { class: `indent-${Math.min(item.indent, 4)}` }, ...drawInlines(item.children, names)),
    ),
  );
}

function drawTable(rows: readonly (readonly (readonly Inline[])[])[], names: Names): HTMLElement {
  const [head = [], ...body] = rows;
  const line = (row: readonly (readonly Inline[])[], tag: 'th' | 'td'): HTMLElement =>
    el('tr', {}, ...row.map((cell) => el(tag, {}, ...drawInlines(cell, names))));
  return el(
    'div',
    { class: 'table-box', tabindex: '0', role: 'region', 'aria-label': 'Table' },
    el(
      'table',
      {},
      el('thead', {}, line(head, 'th')),
      el('tbody', {}, ...body.map((row) => line(row, 'td'))),
    ),
  );
}

function drawInlines(children: readonly Inline[], names: Names): readonly Child[] {
  return children.map((part) => drawInline(part, names));
}

function drawInline(part: Inline, names: Names): Child {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return el('code', {}, part.text);
    case 'strong':
      return el('strong', {}, ...drawInlines(part.children, names));
    case 'emphasis':
      return el('em', {}, ...drawInlines(part.children, names));
    case 'strike':
      return el('s', {}, ...drawInlines(part.children, names));
    case 'link':
      return drawLink(part.url, drawInlines(part.children, names));
    case 'user':
      return el('span', { class: 'mention' }, `@${part.label || names.user(part.id)}`);
    case 'channel':
      return el('span', { class: 'mention' }, `#${part.label || names.channel(part.id)}`);
    case 'group':
      return el('span', { class: 'mention' }, `@${(part.label || part.id).replace(/^@/, '')}`);
    case 'everyone':
      return el('span', { class: 'mention mention-everyone' }, `@${part.range}`);
    case 'date':
      return drawDate(part.unix, part.format, part.fallback, part.url);
    case 'emoji':
      return drawEmoji(part.name, part.character);
    case 'break':
      return el('br');
    default:
      return part satisfies never;
  }
}

/** Only addresses a browser may safely open; anything else stays words. */
function drawLink(url: string, children: readonly Child[]): HTMLElement {
  if (!/^(?:https?:\/\/|mailto:)/i.test(url)) return el('span', {}, ...children);
  return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, ...children);
}

function drawDate(unix: number, format: string, fallback: string, url: string): HTMLElement {
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
  const words = formatDate(format, unix, { nowMs: Date.now(), timeZone, locale });
  const time = el('time', { title: fallback }, words);
  return url === '' ? time : drawLink(url, [time]);
}

/**
 * The signs that carry a verdict are drawn by the page itself: they look the same on every machine, keep their contrast
 * in both themes, and do not depend on an emoji font. The others are left to the reader's fonts.
 */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['white_check_mark', 'sign-check'],
  ['heavy_check_mark', 'sign-check'],
  ['x', 'sign-cross'],
  ['warning', 'sign-warning'],
  ['rotating_light', 'sign-beacon'],
  ['red_circle', 'sign-dot'],
  ['large_orange_circle', 'sign-dot'],
  ['large_yellow_circle', 'sign-dot'],
  ['large_green_circle', 'sign-dot'],
  ['large_blue_circle', 'sign-dot'],
  ['white_circle', 'sign-ring'],
  ['hourglass', 'sign-hourglass'],
  ['hourglass_flowing_sand', 'sign-hourglass'],
  ['lock', 'sign-lock'],
  ['no_entry', 'sign-stop'],
  ['octagonal_sign', 'sign-stop'],
  ['information_source', 'sign-info'],
  ['double_vertical_bar', 'sign-pause'],
]);

function drawEmoji(name: string, character: string): HTMLElement {
  const sign = SIGNS.get(name);
  const label = name.replaceAll('_', ' ');
  if (sign === undefined) return el('span', { class: 'emoji', role: 'img', 'aria-label': label }, character);
  return el(
    'span',
    { class: `sign tone-${name}`, role: 'img', 'aria-label': label, title: label },
    icon(sign),
  );
}
