/** Scripts whose letters, and pictures that, take two columns of a terminal. */
const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60]/u;

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many columns the words take. */
export function widthOf(words: string): number {
  if (/^[\u0020-\u007e]*$/.test(words)) return words.length;
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(words)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** Cut to a width, with an ellipsis where something is missing. */
function cutTo(words: string, width: number): string {
  if (widthOf(words) <= width) return words;
  let cut = '';
  let used = 0;
  for (const { segment } of GRAPHEMES.segment(words)) {
    const next = widthOf(segment);
    if (used + next > width - 1) break;
    cut += segment;
    used += next;
  }
  return width < 1 ? '' : `${cut}…`;
}

/** Cut in the middle: names of classes differ at both ends (`Payroll::…::SyncJob`). */
export function cutMiddle(words: string, width: number): string {
  const size = widthOf(words);
  if (size <= width || width < 5) return cutTo(words, width);
  const letters = [...GRAPHEMES.segment(words)].map(({ segment }) => segment);
  const head = cutTo(words, Math.ceil(width / 2)).slice(0, -1);
  let tail = '';
  while (letters.length > 0) {
    const letter = letters.pop() ?? '';
    if (widthOf(head) + 1 + widthOf(letter + tail) > width) break;
    tail = letter + tail;
  }
  return `${head}…${tail}`;
}

export function padEnd(words: string, width: number): string {
  return words + ' '.repeat(Math.max(0, width - widthOf(words)));
}

export function padStart(words: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(words))) + words;
}
