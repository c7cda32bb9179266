/**
 * Text for people as spans, so that foreign words (class names, queue names, error messages) are never mistaken for
 * markup: each renderer escapes plain strings and decides how code, bold and times look in its place.
 */
export type Span =
  | string
  | { readonly code: string }
  | { readonly bold: string }
  | { readonly atMs: number }
  | { readonly person: string };

export type Text = readonly Span[];

/** A class, queue, key or command name. */
export const code = (name: string): Span => ({ code: name });

export const bold = (words: string): Span => ({ bold: words });

/** A moment, shown in the reader's own time zone where the renderer can. */
export const at = (atMs: number): Span => ({ atMs });

/** A member of the workspace by id, shown by name. */
export const person = (userId: string): Span => ({ person: userId });

/** Joins words and spans: say`${code(name)} fills ${bold('25 of 25')} threads`. Interpolated strings stay foreign text. */
export function say(words: TemplateStringsArray, ...values: readonly (Span | Text | number)[]): Text {
  const spans: Span[] = [];
  words.forEach((literal, index) => {
    if (literal !== '') spans.push(literal);
    if (index >= values.length) return;
    const value = values[index];
    if (value === undefined) return;
    if (typeof value === 'number') spans.push(String(value));
    else if (isText(value)) spans.push(...value);
    else spans.push(value);
  });
  return spans;
}

/** "`critical`, `low`": foreign names one behind the other, and between them what divides them. */
export function codes(names: readonly string[], divider = ', '): Text {
  return names.flatMap((name, index): Span[] => (index === 0 ? [code(name)] : [divider, code(name)]));
}

/** The same words without any markup, for notifications, screen readers and JSON. Times are written in UTC. */
export function plainText(text: Text): string {
  return text.map(plainSpan).join('');
}

function plainSpan(span: Span): string {
  if (typeof span === 'string') return span;
  if ('code' in span) return span.code;
  if ('bold' in span) return span.bold;
  if ('atMs' in span) return `${new Date(span.atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return span.person;
}

function isText(value: Span | Text): value is Text {
  return Array.isArray(value);
}
