import type { Refusal } from './reply/reply.ts';
import { refuse } from './reply/reply.ts';
import { code, say } from './reply/text.ts';

/** 'flag' takes no word, 'one' a single one, 'many' may be repeated, 'rest' takes all words up to the next option. */
export type OptionShape = 'flag' | 'one' | 'many' | 'rest';

export type CommandWords = {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, readonly string[]>;
};

/** Placeholder until the strict parser lands. */
export function parseWords(text: string): CommandWords | Refusal {
  if (text.length > 2000)
    return refuse('too_long', say`That is too long.`, say`Try ${code('/sidekiq help')}.`);
  return { words: text.split(/\s+/).filter((word) => word !== ''), options: new Map() };
}
