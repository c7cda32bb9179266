import { normaliseTyped } from './normalise.ts';
import { tokenize } from './tokens.ts';

/** A name as it has to be typed to be read as one word again, in quotes where needed; undefined when nobody can type it. */
export function asWord(name: string): string | undefined {
  return [name, `"${name}"`, `'${name}'`, `\`${name}\``].find((typed) => {
    // With quotes behind it, for an open one in the name would reach for the next.
    const [token, ...others] = tokenize(`${typed} "x" 'x' \`x\``);
    if (token?.text !== name || others.length !== 3 || normaliseTyped(typed) !== typed) return false;
    return token.isQuoted || !(name === 'on' || name.startsWith('-'));
  });
}
