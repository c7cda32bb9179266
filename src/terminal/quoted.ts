/** The shell has taken the quotes off; our own parser must see one word again. */
export function quoted(word: string): string {
  if (!/[\s"'“”‘’]/.test(word) && word !== '') return word;
  return word.includes('"') ? `'${word.replaceAll("'", '"')}'` : `"${word}"`;
}
