import type { Tone } from '../reply/reply.ts';
import { code, type Span, type Text } from '../reply/text.ts';

/** A sentence of the morning post. */
export type Line = { readonly tone: Tone; readonly text: Text };

/** Names are foreign and long; what is said of them must not fall off the end. */
const NAME = 120;

export function named(name: string): Span {
  return code(name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name);
}
