/** Where and when the reader is. Handed in, so that the same text always reads the same in a test. */
type Reader = { readonly nowMs: number; readonly timeZone: string; readonly locale: string };

/**
 * Fills a Slack date format such as `{date_short_pretty} at {time}` in the reader's zone. Unknown tokens stay as they
 * are. https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function formatDate(format: string, unix: number, reader: Reader): string {
  const atMs = unix * 1000;
  // Beyond this Date itself has no value (ECMA-262, time values).
  if (Math.abs(atMs) > 8.64e15) return format;
  return format.replaceAll(
    /\{([a-z_]+)\}/g,
    (token, name: string) => TOKENS.get(name)?.(atMs, reader) ?? token,
  );
}

type Token = (atMs: number, reader: Reader) => string;

function by(options: Intl.DateTimeFormatOptions): Token {
  return (atMs, reader) =>
    new Intl.DateTimeFormat(reader.locale, { ...options, timeZone: reader.timeZone }).format(atMs);
}

const DAY_MS = 86_400_000;

/** "today", "yesterday" and "tomorrow" by the calendar of the reader's zone, else the date itself. */
function pretty(otherwise: Token): Token {
  return (atMs, reader) => {
    const day = dayNumber(atMs, reader) - dayNumber(reader.nowMs, reader);
    return (
      ({ [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' } as Record<number, string>)[day] ??
      otherwise(atMs, reader)
    );
  };
}

function dayNumber(atMs: number, reader: Reader): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: reader.timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(atMs);
  return Math.round(Date.parse(parts) / DAY_MS);
}

const date = by({ year: 'numeric', month: 'long', day: 'numeric' });
const dateShort = by({ year: 'numeric', month: 'short', day: 'numeric' });
const dateLong = by({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
const numeric = by({ year: 'numeric', month: '2-digit', day: '2-digit' });

const ago: Token = (atMs, reader) => {
  const words = new Intl.RelativeTimeFormat(reader.locale, { numeric: 'auto' });
  const seconds = (atMs - reader.nowMs) / 1000;
  const [unit, size] = UNITS.find(([, least]) => Math.abs(seconds) >= least) ?? (['second', 1] as const);
  return words.format(Math.round(seconds / size), unit);
};

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

const TOKENS: ReadonlyMap<string, Token> = new Map([
  [
    'date_num',
    (atMs, reader) =>
      by({ year: 'numeric', month: '2-digit', day: '2-digit' })(atMs, { ...reader, locale: 'en-CA' }),
  ],
  ['date_slash', numeric],
  ['date', date],
  ['date_pretty', pretty(date)],
  ['date_short', dateShort],
  ['date_short_pretty', pretty(dateShort)],
  ['date_long', dateLong],
  ['date_long_pretty', pretty(dateLong)],
  ['time', by({ hour: 'numeric', minute: '2-digit' })],
  ['time_secs', by({ hour: 'numeric', minute: '2-digit', second: '2-digit' })],
  ['ago', ago],
]);
