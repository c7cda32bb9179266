import { type Json, listOf, numberOf, recordOf, stringOf } from '../reading.ts';
import { emojiNamed } from './emoji.ts';
import type { Inline, Prose } from './prose.ts';

/** A `rich_text` block, which says its structure in JSON rather than in marks. */
export function readRichText(block: Json): readonly Prose[] {
  return listOf(block['elements']).map(readElement);
}

function readElement(element: Json): Prose {
  switch (element['type']) {
    case 'rich_text_list':
      return {
        kind: 'list',
        isOrdered: element['style'] === 'ordered',
        items: listOf(element['elements']).map((item) => ({
          children: readInlines(item),
          indent: numberOf(element['indent']) ?? 0,
        })),
      };
    case 'rich_text_preformatted':
      return { kind: 'preformatted', text: listOf(element['elements']).map(wordsOfInline).join('') };
    case 'rich_text_quote':
      return { kind: 'quote', children: [{ kind: 'paragraph', children: readInlines(element) }] };
    default:
      return { kind: 'paragraph', children: readInlines(element) };
  }
}

const wordsOfInline = (inline: Json): string => stringOf(inline['text']) || stringOf(inline['url']);

function readInlines(parent: Json): readonly Inline[] {
  return listOf(parent['elements']).flatMap((inline) =>
    styled(readInline(inline), recordOf(inline['style'])),
  );
}

function readInline(inline: Json): readonly Inline[] {
  switch (inline['type']) {
    case 'link': {
      const url = stringOf(inline['url']);
      return [{ kind: 'link', url, children: [{ kind: 'text', text: stringOf(inline['text']) || url }] }];
    }
    case 'user':
      return [{ kind: 'user', id: stringOf(inline['user_id']), label: '' }];
    case 'channel':
      return [{ kind: 'channel', id: stringOf(inline['channel_id']), label: '' }];
    case 'usergroup':
      return [{ kind: 'group', id: stringOf(inline['usergroup_id']), label: '' }];
    case 'broadcast':
      return [{ kind: 'everyone', range: stringOf(inline['range']) }];
    case 'emoji': {
      const name = stringOf(inline['name']);
      const character = emojiNamed(name);
      return [
        character === undefined ? { kind: 'text', text: `:${name}:` } : { kind: 'emoji', name, character },
      ];
    }
    case 'date':
      return [
        {
          kind: 'date',
          unix: numberOf(inline['timestamp']) ?? 0,
          format: stringOf(inline['format']),
          fallback: stringOf(inline['fallback']),
          url: stringOf(inline['url']),
        },
      ];
    default:
      return broken(stringOf(inline['text']) || stringOf(inline['value']));
  }
}

/** Text with its line breaks as parts of their own. */
function broken(text: string): readonly Inline[] {
  return text
    .split('\n')
    .flatMap((line, index): Inline[] => [
      ...(index === 0 ? [] : [{ kind: 'break' } as const]),
      ...(line === '' ? [] : [{ kind: 'text', text: line } as const]),
    ]);
}

function styled(parts: readonly Inline[], style: Json): readonly Inline[] {
  let dressed = parts;
  if (style['code'] === true)
    dressed = dressed.map((part) => (part.kind === 'text' ? { kind: 'code', text: part.text } : part));
  if (style['strike'] === true) dressed = [{ kind: 'strike', children: dressed }];
  if (style['italic'] === true) dressed = [{ kind: 'emphasis', children: dressed }];
  if (style['bold'] === true) dressed = [{ kind: 'strong', children: dressed }];
  return dressed;
}
