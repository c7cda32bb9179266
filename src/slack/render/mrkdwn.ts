import type { Span, Text } from '../../core/reply/text.ts';
import { cutEscaped } from '../limits.ts';

/** Text for a mrkdwn object: everything foreign is escaped first and cut afterwards. */
export function mrkdwn(text: Text, max: number): string {
  return cutEscaped(text.map(marked).join(''), max);
}

/** The same words with no markup but mentions, for `text`, which Slack reads as mrkdwn too. Times are in UTC. */
export function unmarked(text: Text): string {
  return text.map(spoken).join('');
}

/** Text for a plain_text object or a table's cell, where nothing is markup. */
export function plain(text: Text): string {
  return text.map(bare).join('');
}

/**
 * Foreign words made harmless wherever they are shown: no control characters, and no direction controls, by which a name
 * could look like another or turn the line around it.
 */
export function harmless(words: string): string {
  return words.replaceAll(CONTROLS, ' ').replaceAll(DIRECTIONS, '').toWellFormed();
}

/** Escaping these three also disarms `<!channel>`, mentions and links; a backtick would open a code span. */
export function escapeForeign(words: string): string {
  return harmless(words)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('`', "'");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for; line ends stay
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/gu;
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function marked(span: Span): string {
  if (typeof span === 'string') return escapeForeign(span);
  if ('code' in span) return inCode(span.code);
  if ('bold' in span) return inBold(span.bold);
  if ('atMs' in span) return inReadersZone(span.atMs);
  return mention(span.person);
}

function spoken(span: Span): string {
  return typeof span === 'object' && 'person' in span ? mention(span.person) : escapeForeign(bare(span));
}

function bare(span: Span): string {
  if (typeof span === 'string') return harmless(span);
  if ('code' in span) return harmless(span.code);
  if ('bold' in span) return harmless(span.bold);
  if ('atMs' in span) return utc(span.atMs);
  return harmless(span.person);
}

/** In backticks `Foo::Bar::Baz` is no emoji and `_` no emphasis; a backtick or a line end inside would end it. */
function inCode(name: string): string {
  const inside = escapeForeign(name.replaceAll(/[`\n]/g, ' ')).trim();
  return inside === '' ? '`(empty)`' : `\`${inside}\``;
}

function inBold(words: string): string {
  const inside = escapeForeign(words.replaceAll(/[*`\n]/g, ' ')).trim();
  return inside === '' ? '' : `*${inside}*`;
}

function inReadersZone(atMs: number): string {
  const seconds = Math.floor(atMs / 1000);
  return isMoment(atMs) ? `<!date^${seconds}^{date_short_pretty} {time}|${utc(atMs)}>` : utc(atMs);
}

function utc(atMs: number): string {
  if (!isMoment(atMs)) return 'an unknown time';
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Years past 9999 are written with a sign; no clock of ours means them. */
function isMoment(atMs: number): boolean {
  return atMs >= 0 && atMs < Date.UTC(9999, 11, 31);
}

/** Anything but an id of Slack's stays words. */
function mention(userId: string): string {
  return /^[UW][A-Z0-9]{1,20}$/.test(userId) ? `<@${userId}>` : escapeForeign(userId);
}
