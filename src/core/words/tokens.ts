/** One word as typed. In quotes it is never an option and never the word `on`. */
export type Token = { readonly text: string; readonly isQuoted: boolean };

/**
 * A quoted stretch, a mention as Slack writes it (`<@U1|Ann Lee>`), or anything up to the next space. A quote opens only at
 * the start of a word (or after `--option=`) and closes only at its end: `can't` is one word, `'tis` is left as it is.
 */
const TOKEN = /(?:(--[^\s=]+=)?(["'`])(.*?)\2(?= |$))|(<[@#!][^<>]*>(?= |$))|([^ ]+)/gu;

/** Splits normalised text into words. Never fails: a quote that is not closed is a character like others. */
export function tokenize(text: string): readonly Token[] {
  return [...text.matchAll(TOKEN)].map(([whole, option, quote, quoted]) => {
    if (quote === undefined || quoted === undefined) return { text: whole, isQuoted: false };
    return option === undefined
      ? { text: quoted, isQuoted: true }
      : { text: `${option}${quoted}`, isQuoted: false };
  });
}
