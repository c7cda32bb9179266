/**
 * What phones and editors make of typed words, undone: “curly” quotes, `--` turned into a dash, spaces that are not
 * spaces, characters that can't be seen. Running it twice changes nothing more.
 */
export function normaliseTyped(text: string): string {
  return text
    .replaceAll(INVISIBLE, '')
    .replaceAll(SPACES, ' ')
    .replaceAll(SINGLE_QUOTES, "'")
    .replaceAll(DOUBLE_QUOTES, '"')
    .replaceAll(OPTION_DASHES, '--')
    .trim();
}

/** Zero-width marks, soft hyphens, byte order marks; and direction controls, which let a name look like another. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
/** No-break and typographic spaces, line ends, and the control characters that no one types. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const SPACES = /[\s\u0000-\u001f\u007f-\u009f]+/gu;
const SINGLE_QUOTES = /[\u2018\u2019\u201a\u201b\u2032\u2039\u203a]/gu;
const DOUBLE_QUOTES = /[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]/gu;
/** Only where an option begins; a dash between words of a reason is left alone. */
const OPTION_DASHES = /(?<=^| )-*[\u2010-\u2015\u2212][-\u2010-\u2015\u2212]*(?=\p{L})/gu;
