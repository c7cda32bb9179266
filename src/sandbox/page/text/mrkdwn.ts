import type { Inline, Prose } from './prose.ts';
import { codeSpan, emoji, emphasis, lineBreak, type Rule, scan } from './scan.ts';

/**
 * Slack's own markup. It differs from Markdown: one star is bold, links are `<url|text>`, and exactly three characters
 * are escaped (`&amp;`, `&lt;`, `&gt;`). https://docs.slack.dev/messaging/formatting-message-text
 */
export function parseMrkdwn(text: string): readonly Prose[] {
  const parts: Prose[] = [];
  let from = 0;
  for (const fence of text.matchAll(/```([\s\S]+?)```/g)) {
    parts.push(...parseLines(trimBreaks(text.slice(from, fence.index))));
    parts.push({ kind: 'preformatted', text: trimBreaks(decode(fence[1] ?? '')) });
    from = fence.index + fence[0].length;
  }
  parts.push(...parseLines(from === 0 ? text : trimBreaks(text.slice(from))));
  return parts;
}

/** A fence stands on lines of its own; the breaks around it are not empty lines. */
function trimBreaks(text: string): string {
  return text.replace(/^\n/, '').replace(/\n$/, '');
}

const QUOTE = /^(?:>|&gt;) ?/;

function parseLines(text: string): readonly Prose[] {
  if (text === '') return [];
  const parts: Prose[] = [];
  let lines: string[] = [];
  let isQuote = false;
  const flush = (): void => {
    if (lines.length === 0) return;
    const paragraph: Prose = { kind: 'paragraph', children: scan(lines.join('\n'), RULES) };
    parts.push(isQuote ? { kind: 'quote', children: [paragraph] } : paragraph);
    lines = [];
  };
  for (const line of text.split('\n')) {
    const isQuoted = QUOTE.test(line);
    if (isQuoted !== isQuote) flush();
    isQuote = isQuoted;
    lines.push(isQuoted ? line.replace(QUOTE, '') : line);
  }
  flush();
  return parts;
}

/** `&amp;lt;` is the text `&lt;`: one pass, so that nothing is decoded twice. */
function decode(text: string): string {
  return text.replaceAll(/&(amp|lt|gt);/g, (entity) => ENTITIES.get(entity) ?? entity);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
]);

const entity: Rule = (text, at) => {
  if (text[at] !== '&') return undefined;
  const found = /^&(?:amp|lt|gt);/.exec(text.slice(at, at + 5))?.[0];
  if (found === undefined) return undefined;
  return { node: { kind: 'text', text: decode(found) }, end: at + found.length };
};

/** Everything in angle brackets: `<@U1>`, `<#C1|name>`, `<!channel>`, `<!date^…>`, `<https://…|words>`. */
const bracket: Rule = (text, at) => {
  if (text[at] !== '<') return undefined;
  const rest = text.slice(at, at + 3100);
  const inner = /^<([^<>\n]+)>/.exec(rest)?.[1];
  if (inner === undefined) return undefined;
  const bar = inner.indexOf('|');
  const target = bar === -1 ? inner : inner.slice(0, bar);
  const label = bar === -1 ? '' : decode(inner.slice(bar + 1));
  const node = bracketed(decode(target), label);
  return node === undefined ? undefined : { node, end: at + inner.length + 2 };
};

function bracketed(target: string, label: string): Inline | undefined {
  if (target.startsWith('@')) return { kind: 'user', id: target.slice(1), label };
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1), label };
  if (target.startsWith('!subteam^')) return { kind: 'group', id: target.slice(9), label };
  if (target.startsWith('!date^')) return dateOf(target.slice(6), label);
  if (/^!(?:channel|here|everyone)$/.test(target)) return { kind: 'everyone', range: target.slice(1) };
  if (!/^(?:https?:\/\/|mailto:)/i.test(target)) return undefined;
  return { kind: 'link', url: target, children: [{ kind: 'text', text: label === '' ? target : label }] };
}

/** `<!date^1392734382^{date_short} at {time}^https://link|fallback>` */
function dateOf(target: string, fallback: string): Inline | undefined {
  const [unix = '', format = '', url = ''] = target.split('^');
  if (!/^\d{1,12}$/.test(unix) || format === '') return undefined;
  return { kind: 'date', unix: Number(unix), format, fallback, url };
}

const RULES: readonly Rule[] = [
  lineBreak,
  codeSpan(decode),
  bracket,
  entity,
  emphasis('*', 'strong'),
  emphasis('_', 'emphasis'),
  emphasis('~', 'strike'),
  emoji,
];
