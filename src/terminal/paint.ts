import type { Tone } from '../core/reply/reply.ts';
import { at, plainText, type Span } from '../core/reply/text.ts';
import { cleaned } from './clean.ts';

/** A piece of a line with one look. */
export type Run = { readonly words: string; readonly style: Style };

export type Style = 'plain' | 'bold' | 'code' | 'dim' | Tone;

/** Select Graphic Rendition codes (ECMA-48): the sixteen colours every terminal has, which follow its own theme. */
const SGR: Readonly<Record<Style, string>> = {
  plain: '',
  neutral: '',
  bold: '1',
  code: '36',
  dim: '2',
  good: '32',
  warning: '33',
  bad: '31;1',
};

export function paint({ words, style }: Run, hasColour: boolean): string {
  const sgr = SGR[style];
  return !hasColour || sgr === '' || words === '' ? words : `\u001b[${sgr}m${words}\u001b[0m`;
}

/** Spans as runs, everything foreign made harmless. */
export function runsOf(text: readonly Span[]): readonly Run[] {
  return text.map((span): Run => {
    if (typeof span === 'string') return { words: cleaned(span), style: 'plain' };
    if ('bold' in span) return { words: cleaned(span.bold), style: 'bold' };
    if ('code' in span) return { words: cleaned(span.code), style: 'code' };
    if ('atMs' in span) return { words: plainText([at(span.atMs)]), style: 'plain' };
    return { words: cleaned(span.person), style: 'plain' };
  });
}
