/** The lines that were sent, for Up and Down. `draft` is what stood in the line before the first Up. */
type History = { readonly lines: readonly string[]; readonly at: number; readonly draft: string };

export const EMPTY: History = { lines: [], at: 0, draft: '' };

const MOST_LINES = 50;

export function sent(history: History, line: string): History {
  const lines = [...history.lines.filter((known) => known !== line), line].slice(-MOST_LINES);
  return { lines, at: lines.length, draft: '' };
}

/** One step back (-1) or forth (+1), with the line that then stands there; nothing at either end. */
export function stepped(
  history: History,
  step: -1 | 1,
  current: string,
): { readonly history: History; readonly line: string } | undefined {
  const at = history.at + step;
  if (at < 0 || at > history.lines.length) return undefined;
  const draft = history.at === history.lines.length ? current : history.draft;
  return { history: { ...history, at, draft }, line: history.lines[at] ?? draft };
}
