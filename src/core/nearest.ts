/** Longer names are compared by their beginnings only: the work grows with the square of the length. */
const COMPARED = 100;

/** The names most like a word, best first: those that contain it, then those few typing slips away. */
export function nearest(word: string, names: readonly string[], atMost: number): readonly string[] {
  const wanted = word.toLowerCase().slice(0, COMPARED);
  const slips = Math.max(2, Math.floor(wanted.length / 3));
  return names
    .map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase().slice(0, COMPARED)) }))
    .filter(({ distance }) => distance <= slips)
    .toSorted((a, b) => a.distance - b.distance || a.name.localeCompare(b.name, 'en'))
    .slice(0, atMost)
    .map(({ name }) => name);
}

function distanceOf(wanted: string, name: string): number {
  if (wanted.length >= 2 && name.includes(wanted)) return 0;
  return editDistance(wanted, name);
}

/** Levenshtein's: insertions, deletions and replacements of one character. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
