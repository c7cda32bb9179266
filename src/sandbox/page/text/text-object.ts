import { recordOf, stringOf } from '../reading.ts';
import { parseMrkdwn } from './mrkdwn.ts';
import type { Prose } from './prose.ts';
import { emoji, emojiCharacter, lineBreak, scan } from './scan.ts';

/** A text object: `mrkdwn` has markup, `plain_text` has at most emoji names and line breaks. */
export function readText(value: unknown): readonly Prose[] {
  const object = recordOf(value);
  const text = typeof value === 'string' ? value : stringOf(object['text']);
  if (object['type'] === 'mrkdwn') return parseMrkdwn(text);
  const rules = [lineBreak, object['emoji'] === false ? emojiCharacter : emoji];
  return [{ kind: 'paragraph', children: scan(text, rules) }];
}
