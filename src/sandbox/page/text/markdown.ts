import type { Inline, ListItem, Prose } from './prose.ts';
import { codeSpan, emoji, emphasis, lineBreak, type Rule, scan } from './scan.ts';

/** The part of standard Markdown that a `markdown` block of an operations bot uses; the rest stays text. */
export function parseMarkdown(text: string): readonly Prose[] {
  const lines = text.split('\n');
  const parts: Prose[] = [];
  let at = 0;
  while (at < lines.length) {
    const part = SHAPES.map((shape) => shape(lines, at)).find((found) => found !== undefined);
    if (part === undefined) {
      at += 1;
      continue;
    }
    parts.push(part.prose);
    at = part.next;
  }
  return parts;
}

type Shape = (
  lines: readonly string[],
  at: number,
) => { readonly prose: Prose; readonly next: number } | undefined;

const line = (lines: readonly string[], at: number): string => lines[at] ?? '';
const inline = (text: string): readonly Inline[] => scan(text, RULES);

/** The lines from `at` on that still belong together. */
function run(lines: readonly string[], at: number, belongs: (text: string) => boolean): readonly string[] {
  let end = at;
  while (end < lines.length && belongs(line(lines, end))) end += 1;
  return lines.slice(at, end);
}

const fence: Shape = (lines, at) => {
  if (!line(lines, at).startsWith('```')) return undefined;
  const body = run(lines, at + 1, (text) => !text.startsWith('```'));
  return { prose: { kind: 'preformatted', text: body.join('\n') }, next: at + body.length + 2 };
};

const heading: Shape = (lines, at) => {
  const found = /^(#{1,6}) +(.*)$/.exec(line(lines, at));
  if (found === null) return undefined;
  const [, marks = '', words = ''] = found;
  return { prose: { kind: 'heading', level: marks.length, children: inline(words) }, next: at + 1 };
};

const rule: Shape = (lines, at) =>
  /^(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line(lines, at)) ? { prose: { kind: 'rule' }, next: at + 1 } : undefined;

const quote: Shape = (lines, at) => {
  const body = run(lines, at, (text) => text.startsWith('>'));
  if (body.length === 0) return undefined;
  // Each level takes one mark off, so the recursion ends with the marks.
  const children = parseMarkdown(body.map((text) => text.replace(/^>+ ?/, '')).join('\n'));
  return { prose: { kind: 'quote', children }, next: at + body.length };
};

const ITEM = /^( *)(?:[-*+]|(\d{1,9})[.)]) +(.*)$/;

const list: Shape = (lines, at) => {
  const body = run(lines, at, (text) => ITEM.test(text));
  if (body.length === 0) return undefined;
  const items: ListItem[] = body.map((text) => {
    const [, spaces = '', , words = ''] = ITEM.exec(text) ?? [];
    return { children: inline(words), indent: Math.floor(spaces.length / 2) };
  });
  const isOrdered = ITEM.exec(line(body, 0))?.[2] !== undefined;
  return { prose: { kind: 'list', isOrdered, items }, next: at + body.length };
};

const RULER = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/;

const table: Shape = (lines, at) => {
  if (!line(lines, at).includes('|') || !RULER.test(line(lines, at + 1))) return undefined;
  const body = run(lines, at + 2, (text) => text.includes('|'));
  const rows = [line(lines, at), ...body].map((text) =>
    text
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => inline(cell.trim())),
  );
  return { prose: { kind: 'table', rows }, next: at + 2 + body.length };
};

const paragraph: Shape = (lines, at) => {
  const body = run(lines, at, (text) => text.trim() !== '' && !startsOther(text));
  const own = body.length === 0 && line(lines, at).trim() !== '' ? [line(lines, at)] : body;
  if (own.length === 0) return undefined;
  return { prose: { kind: 'paragraph', children: inline(own.join('\n')) }, next: at + own.length };
};

const startsOther = (text: string): boolean => /^(?:```|#{1,6} |>)/.test(text) || ITEM.test(text);

const SHAPES: readonly Shape[] = [fence, heading, rule, quote, list, table, paragraph];

const escaped: Rule = (text, at) =>
  text[at] === '\\' && /[\\`*_~[\]()#+\-.!|>]/.test(text[at + 1] ?? '')
    ? { node: { kind: 'text', text: text[at + 1] ?? '' }, end: at + 2 }
    : undefined;

const link: Rule = (text, at, inside) => {
  if (text[at] !== '[') return undefined;
  const found = /^\[([^[\]\n]+)\]\((https?:\/\/[^\s()]+|mailto:[^\s()]+)\)/i.exec(text.slice(at, at + 3100));
  if (found === null) return undefined;
  const [whole, words = '', url = ''] = found;
  return { node: { kind: 'link', url, children: inside(words) }, end: at + whole.length };
};

const RULES: readonly Rule[] = [
  lineBreak,
  escaped,
  codeSpan((text) => text),
  link,
  emphasis('**', 'strong'),
  emphasis('__', 'strong'),
  emphasis('~~', 'strike'),
  emphasis('*', 'emphasis'),
  emphasis('_', 'emphasis'),
  emoji,
];
