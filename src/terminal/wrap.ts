import { widthOf } from './columns.ts';
import type { Run } from './paint.ts';

/** Breaks runs into lines of a width, at spaces; a word that is longer than a line is broken where it must be. */
export function wrap(runs: readonly Run[], width: number): readonly (readonly Run[])[] {
  const lines: Run[][] = [[]];
  let used = 0;
  let gap: Run | undefined;
  for (const word of wordsOf(runs)) {
    if (word.isGap) {
      if (used > 0) gap = { words: ' ', style: word.runs[0]?.style ?? 'plain' };
      continue;
    }
    const size = word.runs.reduce((sum, { words }) => sum + widthOf(words), 0);
    if (used > 0 && used + (gap === undefined ? 0 : 1) + size > width) {
      lines.push([]);
      used = 0;
      gap = undefined;
    }
    if (gap !== undefined) {
      lines.at(-1)?.push(gap);
      used += 1;
      gap = undefined;
    }
    for (const letters of size > width ? word.runs.flatMap(singles) : word.runs) {
      const own = widthOf(letters.words);
      if (used > 0 && used + own > width) {
        lines.push([]);
        used = 0;
      }
      lines.at(-1)?.push(letters);
      used += own;
    }
  }
  return lines;
}

type Word = { readonly isGap: boolean; readonly runs: Run[] };

/** A word may go on over several runs: "`Foo`;" must not be torn before its semicolon. */
function wordsOf(runs: readonly Run[]): readonly Word[] {
  const words: Word[] = [];
  for (const { words: text, style } of runs) {
    for (const piece of text.match(/ +|[^ ]+/g) ?? []) {
      const isGap = piece.startsWith(' ');
      const last = words.at(-1);
      if (last !== undefined && last.isGap === isGap) last.runs.push({ words: piece, style });
      else words.push({ isGap, runs: [{ words: piece, style }] });
    }
  }
  return words;
}

function singles({ words, style }: Run): readonly Run[] {
  return [...words].map((letter) => ({ words: letter, style }));
}
