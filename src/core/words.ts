import { nearest } from './nearest.ts';
import { type Refusal, refuse } from './reply/reply.ts';
import { code, codes, say, type Text } from './reply/text.ts';
import { normaliseTyped } from './words/normalise.ts';
import { type Token, tokenize } from './words/tokens.ts';

/**
 * Command text, in two steps: `parseCommandText` finds which command is meant, `parseWords` holds the rest against what
 * that command declares. Strict: what is not understood is refused with what was expected, never dropped.
 */

/**
 * 'flag' takes no word, 'one' a single one, 'many' may be repeated, 'rest' takes all words up to the next option.
 */
export type OptionShape = 'flag' | 'one' | 'many' | 'rest';

export type CommandWords = {
  readonly words: readonly string[];
  /** 'flag' has no values, 'one' and 'rest' a single one. */
  readonly options: ReadonlyMap<string, readonly string[]>;
};

/** The text of one command line; `name` is lower case and `help` when nothing was typed. */
export type CommandText = {
  readonly name: string;
  readonly tokens: readonly Token[];
  /** All of it, normalised: what Refresh and Share repeat. */
  readonly typed: string;
};

/** What a command declares of its words; every Command is one. */
export type WordsWanted = {
  readonly name: string;
  readonly usage: string;
  readonly words: { readonly max: number; readonly options: Readonly<Record<string, OptionShape>> };
};

export type ParsedWords = {
  readonly type: 'words';
  readonly words: CommandWords;
  /** The sidekiq that was named, as typed: it may not exist. */
  readonly on: string | undefined;
};

/** No command needs more, and a button that repeats it holds as much (reference: 2,000 characters). */
const TYPED_MAX = 1500;
const PICKS_SIDEKIQ = ['on', 'sidekiq'];
const ASKS_FOR_HELP = ['', '?', '-h', '--help'];

export function parseCommandText(text: string): CommandText | Refusal {
  if (text.length > TYPED_MAX) {
    return refuse(
      'too_long',
      say`That is longer than a command can be (${TYPED_MAX} characters).`,
      say`Shorten it, or try ${code('/sidekiq help')}.`,
    );
  }
  // People paste whole lines out of a chat, command included.
  const typed = normaliseTyped(text).replace(/^\/sidekiq(?: |$)/, '');
  const [first, ...tokens] = tokenize(typed);
  const name = (first?.text ?? '').toLowerCase();
  return { name: ASKS_FOR_HELP.includes(name) ? 'help' : name, tokens, typed };
}

/** For a name that no command has. */
export function refuseUnknownCommand(name: string, commandNames: readonly string[]): Refusal {
  const [near] = nearest(name, commandNames, 1);
  return refuse(
    'unknown_command',
    say`${code(shortened(name))} is not a command.`,
    near === undefined ? say`These are: ${codes(commandNames)}.` : say`Did you mean ${code(near)}?`,
    [
      ...(near === undefined ? [] : [{ type: 'ask', label: `Run ${near}`, command: near } as const]),
      { type: 'ask', label: 'Help', command: 'help' },
    ],
  );
}

/** The words after the name, as `wanted` declares them. `sidekiqs` are the names that `on NAME` may end free text with. */
export function parseWords(
  tokens: readonly Token[],
  wanted: WordsWanted,
  sidekiqs: readonly string[],
): ParsedWords | Refusal {
  const words: string[] = [];
  const options = new Map<string, readonly string[]>();
  const picked = new Set<string>();
  let left = tokens;
  while (left.length > 0) {
    const taken = take(left, wanted, sidekiqs);
    if ('refused' in taken) return refuseWords(taken.refused, wanted);
    left = left.slice(taken.tokens);
    if (taken.word !== undefined) words.push(taken.word);
    if (taken.on !== undefined) picked.add(taken.on);
    if (taken.option === undefined) continue;
    const { name, shape, values } = taken.option;
    const before = options.get(name);
    if (before !== undefined && shape !== 'many') {
      return refuseWords(say`${code(`--${name}`)} is given twice.`, wanted);
    }
    options.set(name, [...(before ?? []), ...values]);
  }
  const [on, another] = picked;
  if (another !== undefined) {
    return refuseWords(
      say`Two sidekiqs are named, ${code(on ?? '')} and ${code(another)}; one can be.`,
      wanted,
    );
  }
  if (words.length > wanted.words.max) {
    const extra = words.slice(wanted.words.max).join(' ');
    const room = wanted.words.max === 0 ? 'no word' : 'nothing more';
    return refuseWords(say`${code(shortened(extra))} is too much: ${room} can follow there.`, wanted);
  }
  return { type: 'words', words: { words, options }, on };
}

/** What the first of `left` and those that belong to it mean. */
type Taken = {
  readonly tokens: number;
  readonly word?: string;
  readonly on?: string | undefined;
  readonly option?: {
    readonly name: string;
    readonly shape: OptionShape;
    readonly values: readonly string[];
  };
};
type Refused = { readonly refused: Text };

function take(left: readonly Token[], wanted: WordsWanted, sidekiqs: readonly string[]): Taken | Refused {
  const [token, next] = left;
  if (token === undefined || token.isQuoted) return { tokens: 1, word: token?.text ?? '' };
  if (token.text === 'on') {
    if (next === undefined || isOption(next))
      return { refused: say`${code('on')} needs the name of a sidekiq.` };
    return { tokens: 2, on: next.text };
  }
  if (!isOption(token)) return { tokens: 1, word: token.text };

  const equals = token.text.indexOf('=');
  const written = equals === -1 ? token.text : token.text.slice(0, equals);
  const inline = equals === -1 ? [] : [{ text: token.text.slice(equals + 1), isQuoted: true }];
  const name = written.replace(/^--/, '').toLowerCase();
  const following = [...inline, ...left.slice(1)];
  const shape = shapeOf(name, wanted);
  if (shape === undefined) return { refused: unknownOption(written, wanted) };

  const used = (values: number) => 1 + values - inline.length;
  if (shape === 'flag') {
    if (inline.length > 0) return { refused: say`${code(`--${name}`)} takes no value.` };
    return { tokens: 1, option: { name, shape, values: [] } };
  }
  const [value] = following;
  if (value === undefined || isOption(value) || value.text === '') {
    return { refused: say`${code(`--${name}`)} needs a value.` };
  }
  if (shape === 'picks') return { tokens: used(1), on: value.text };
  if (shape !== 'rest') return { tokens: used(1), option: { name, shape, values: [value.text] } };
  const rest = takeRest(following, sidekiqs);
  return { tokens: used(rest.tokens), on: rest.on, option: { name, shape, values: [rest.text] } };
}

/**
 * Free text swallows what follows, so `on NAME` counts in it only as its end, and only when that is a sidekiq: "stuck
 * since the deploy on monday" names none.
 */
function takeRest(
  following: readonly Token[],
  sidekiqs: readonly string[],
): { readonly tokens: number; readonly text: string; readonly on?: string } {
  const end = following.findIndex(isOption);
  const rest = end === -1 ? following : following.slice(0, end);
  const [preposition, name] = rest.slice(-2);
  const picks = rest.length > 2 && preposition?.text === 'on' && !preposition.isQuoted;
  const on = picks && name !== undefined && sidekiqs.includes(name.text) ? name.text : undefined;
  const text = (on === undefined ? rest : rest.slice(0, -2)).map((token) => token.text).join(' ');
  return { tokens: rest.length, text, ...(on === undefined ? {} : { on }) };
}

function shapeOf(name: string, wanted: WordsWanted): OptionShape | 'picks' | undefined {
  if (Object.hasOwn(wanted.words.options, name)) return wanted.words.options[name];
  return PICKS_SIDEKIQ.includes(name) ? 'picks' : undefined;
}

/** A single dash counts: what looks like an option must not become a class name. */
function isOption(token: Token): boolean {
  return !token.isQuoted && /^-+[^\s\d-]/.test(token.text);
}

function unknownOption(written: string, wanted: WordsWanted): Text {
  const known = [...Object.keys(wanted.words.options), ...PICKS_SIDEKIQ];
  const [near] = nearest(written.replace(/^-+/, ''), known, 1);
  const shown = code(shortened(written));
  return near === undefined
    ? say`${code(wanted.name)} has no option ${shown}.`
    : say`${code(wanted.name)} has no option ${shown}. Did you mean ${code(`--${near}`)}?`;
}

function refuseWords(reason: Text, wanted: WordsWanted): Refusal {
  return refuse('words', reason, say`It is written ${code(`/sidekiq ${wanted.usage}`)}.`, [
    { type: 'ask', label: 'Help', command: 'help' },
  ]);
}

/** Long words are not repeated whole. */
function shortened(word: string): string {
  const shown = [...word];
  return shown.length <= 60 ? word : `${shown.slice(0, 59).join('')}…`;
}
