/**
 * Class names, queue names and error messages come from Redis, where anybody with a client can write. Control
 * characters and escape sequences in them could move the cursor, hide lines or set the title of the window; marks of
 * writing direction could turn a line round.
 */
const UNSAFE = /[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]/gu;

/** Each unsafe character as a visible stand-in of one column, lone surrogates as the replacement character. */
export function cleaned(foreign: string): string {
  return foreign.toWellFormed().replaceAll(UNSAFE, '\u00b7');
}

/** The same for JSON: unsafe characters as escapes, so that a program reads back exactly what was there. */
export function escapedJson(json: string): string {
  // Line breaks of indentation are ours; those inside strings JSON.stringify has escaped already.
  return json.replaceAll(UNSAFE, (unsafe) =>
    unsafe === '\n' ? unsafe : unsafe.split('').map(unitEscape).join(''),
  );
}

function unitEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
