import type { Tone } from './reply.ts';
import { code, type Span, type Text } from './text.ts';

/** An item of a list: a short sentence with its colour. */
export type Line = { readonly tone: Tone; readonly text: Text };

/** Names are foreign and long; what is said of them must not fall off the end. */
const NAME = 120;

export function named(name: string): Span {
  return code(name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name);
}
