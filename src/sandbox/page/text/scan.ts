import { emojiAt, emojiNamed } from './emoji.ts';
import type { Inline } from './prose.ts';

/** One kind of markup. It looks at one place of the text and says what stands there and where that ends, or nothing. */
export type Rule = (
  text: string,
  at: number,
  inside: (text: string) => readonly Inline[],
) => { readonly node: Inline; readonly end: number } | undefined;

/** Deeper nesting than any person writes; it bounds the recursion on hostile text. */
const MAX_DEPTH = 6;
/** How far a closing mark is looked for; it bounds the work on a text of nothing but opening marks. */
const MAX_SPAN = 3000;

/** Reads a text from left to right: the first rule that finds something wins, everything else is text. */
export function scan(text: string, rules: readonly Rule[], depth = 0): readonly Inline[] {
  const found: Inline[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') found.push({ kind: 'text', text: plain });
    plain = '';
  };
  const inside = (inner: string): readonly Inline[] =>
    depth < MAX_DEPTH ? scan(inner, rules, depth + 1) : [{ kind: 'text', text: inner }];
  let at = 0;
  while (at < text.length) {
    const hit = firstHit(rules, text, at, inside);
    if (hit === undefined) {
      plain += text[at];
      at += 1;
    } else if (hit.node.kind === 'text') {
      plain += hit.node.text;
      at = hit.end;
    } else {
      flush();
      found.push(hit.node);
      at = hit.end;
    }
  }
  flush();
  return found;
}

function firstHit(
  rules: readonly Rule[],
  text: string,
  at: number,
  inside: (text: string) => readonly Inline[],
): ReturnType<Rule> {
  for (const rule of rules) {
    const hit = rule(text, at, inside);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

const WORD = /[\p{L}\p{N}]/u;
const isWord = (character: string | undefined): boolean => character !== undefined && WORD.test(character);
const isSpace = (character: string | undefined): boolean => character === undefined || /\s/.test(character);

/** `*bold*` and its like: the marks hug the words inside and do not stand in the middle of a word outside. */
export function emphasis(mark: string, kind: 'strong' | 'emphasis' | 'strike'): Rule {
  return (text, at, inside) => {
    if (!text.startsWith(mark, at) || isWord(text[at - 1])) return undefined;
    const start = at + mark.length;
    if (isSpace(text[start]) || text[start] === mark[0]) return undefined;
    const end = closing(text, start, mark);
    if (end === undefined) return undefined;
    return { node: { kind, children: inside(text.slice(start, end)) }, end: end + mark.length };
  };
}

function closing(text: string, start: number, mark: string): number | undefined {
  const limit = Math.min(text.length, start + MAX_SPAN);
  for (let at = start + 1; at < limit; at += 1) {
    if (text[at] === '\n') return undefined;
    if (!text.startsWith(mark, at)) continue;
    if (!isSpace(text[at - 1]) && !isWord(text[at + mark.length])) return at;
  }
  return undefined;
}

/** Text between backticks, on one line. `decode` undoes the escapes that the dialect has. */
export function codeSpan(decode: (text: string) => string): Rule {
  return (text, at) => {
    if (text[at] !== '`') return undefined;
    const end = text.slice(at + 1, at + 1 + MAX_SPAN).search(/[`\n]/);
    if (end < 1 || text[at + 1 + end] !== '`') return undefined;
    const inner = text.slice(at + 1, at + 1 + end);
    return { node: { kind: 'code', text: decode(inner) }, end: at + end + 2 };
  };
}

/** `:warning:` by name, when the name is known, or the character itself. */
export const emoji: Rule = (text, at, inside) => {
  if (text[at] !== ':') return emojiCharacter(text, at, inside);
  const name = /^:([a-z0-9_+-]{1,40}):/.exec(text.slice(at, at + 42))?.[1] ?? '';
  const character = emojiNamed(name);
  if (character === undefined) return undefined;
  return { node: { kind: 'emoji', name, character }, end: at + name.length + 2 };
};

/** The character alone, where names are words like others. */
export const emojiCharacter: Rule = (text, at) => {
  const found = emojiAt(text, at);
  if (found === undefined) return undefined;
  return {
    node: { kind: 'emoji', name: found.name, character: found.character },
    end: at + found.length,
  };
};

/** A line break in the text is a line break on the screen. */
export const lineBreak: Rule = (text, at) =>
  text[at] === '\n' ? { node: { kind: 'break' }, end: at + 1 } : undefined;
