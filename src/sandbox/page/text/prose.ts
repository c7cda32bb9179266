/**
 * Text with meaning but without looks: what mrkdwn, Markdown and rich_text all become before anything is drawn.
 */

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly url: string; readonly children: readonly Inline[] }
  | { readonly kind: 'user' | 'channel' | 'group'; readonly id: string; readonly label: string }
  | { readonly kind: 'everyone'; readonly range: string }
  | {
      readonly kind: 'date';
      readonly unix: number;
      readonly format: string;
      readonly fallback: string;
      readonly url: string;
    }
  | { readonly kind: 'emoji'; readonly name: string; readonly character: string }
  | { readonly kind: 'break' };

export type ListItem = { readonly children: readonly Inline[]; readonly indent: number };

export type Prose =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly children: readonly Prose[] }
  | { readonly kind: 'preformatted'; readonly text: string }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly ListItem[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly kind: 'rule' };

/** What a reader would hear: the words without the looks. */
export function spokenOf(prose: readonly Prose[]): string {
  return prose.map(spokenProse).join('\n');
}

function spokenProse(part: Prose): string {
  switch (part.kind) {
    case 'paragraph':
    case 'heading':
      return spokenInline(part.children);
    case 'quote':
      return spokenOf(part.children);
    case 'preformatted':
      return part.text;
    case 'list':
      return part.items.map((item) => spokenInline(item.children)).join('\n');
    case 'table':
      return part.rows.map((row) => row.map(spokenInline).join(' ')).join('\n');
    case 'rule':
      return '';
    default:
      return part satisfies never;
  }
}

function spokenInline(children: readonly Inline[]): string {
  return children.map(spoken).join('');
}

function spoken(part: Inline): string {
  switch (part.kind) {
    case 'text':
    case 'code':
      return part.text;
    case 'strong':
    case 'emphasis':
    case 'strike':
    case 'link':
      return spokenInline(part.children);
    case 'user':
    case 'channel':
    case 'group':
      return part.label === '' ? part.id : part.label;
    case 'everyone':
      return `@${part.range}`;
    case 'date':
      return part.fallback;
    case 'emoji':
      return part.character;
    case 'break':
      return '\n';
    default:
      return part satisfies never;
  }
}
