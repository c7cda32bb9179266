/**
 * JSON's smallest things, walked over in bytes. Each function gives where to go on, or NOWHERE at what is no JSON, and at
 * exponents, which Sidekiq does not write.
 */
export const NOWHERE = -1;

export const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
export const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const SPACE = 0x20;
const [MINUS, POINT, ZERO, NINE] = [0x2d, 0x2e, 0x30, 0x39];
const [TRUE, FALSE, NULL] = ['true', 'false', 'null'];
const LOWER_CASE = 0x20;

/**
 * Over what stands for itself in a string, whatever it is there (what is no UTF-8 is for the parser, too). Gives what ends it.
 * Most of a payload's bytes are walked here, so it is a small loop that knows its bounds: inside of the whole walk the same
 * lines took twice as long.
 */
export function overPlain(raw: Uint8Array, from: number): number {
  const size = raw.length;
  let at = from;
  for (; at < size; at += 1) {
    const byte = raw[at] ?? 0;
    if (byte === QUOTE || byte === BACKSLASH || byte < SPACE) break;
  }
  return at;
}

/** Over an escape, from behind its backslash. Gives its last byte. */
export function overEscape(raw: Uint8Array, at: number): number {
  const sign = String.fromCharCode(raw[at] ?? 0);
  if (sign !== 'u') return '"\\/bfnrt'.includes(sign) ? at : NOWHERE;
  for (let index = 1; index <= 4; index += 1) if (!isHex(raw[at + index] ?? 0)) return NOWHERE;
  return at + 4;
}

function isHex(byte: number): boolean {
  const lower = byte | LOWER_CASE;
  return (byte >= ZERO && byte <= NINE) || (lower >= 0x61 && lower <= 0x66);
}

/** A number, `true`, `false` or `null`. */
export function overWord(raw: Uint8Array, from: number): number {
  const byte = raw[from] ?? 0;
  if (byte <= NINE) return overNumber(raw, from);
  if (byte === TRUE.charCodeAt(0)) return overLetters(raw, from, TRUE);
  if (byte === FALSE.charCodeAt(0)) return overLetters(raw, from, FALSE);
  return byte === NULL.charCodeAt(0) ? overLetters(raw, from, NULL) : NOWHERE;
}

function overLetters(raw: Uint8Array, at: number, word: string): number {
  for (let index = 1; index < word.length; index += 1) {
    if (raw[at + index] !== word.charCodeAt(index)) return NOWHERE;
  }
  return at + word.length;
}

function overNumber(raw: Uint8Array, from: number): number {
  const whole = raw[from] === MINUS ? from + 1 : from;
  const wholeEnd = raw[whole] === ZERO ? whole + 1 : overDigits(raw, whole);
  return wholeEnd !== NOWHERE && raw[wholeEnd] === POINT ? overDigits(raw, wholeEnd + 1) : wholeEnd;
}

function overDigits(raw: Uint8Array, from: number): number {
  let at = from;
  for (; at < raw.length; at += 1) {
    const byte = raw[at] ?? 0;
    if (byte < ZERO || byte > NINE) break;
  }
  return at === from ? NOWHERE : at;
}
