import { randomBytes } from 'node:crypto';
import { type Fields, fieldsIn, isFields } from './fields.ts';
import type { Block } from './page/api.ts';

/** Where the elements stand in blocks that a person can press, choose in or fill. */

/** The blocks of a message or view with those inside containers, flat. */
export function withinContainers(blocks: readonly Fields[]): readonly Fields[] {
  return blocks.flatMap((block) => {
    const children = block['type'] === 'container' ? 'child_blocks' : 'elements';
    const nested = ['container', 'carousel'].includes(String(block['type'])) ? fieldsIn(block[children]) : [];
    return [block, ...nested];
  });
}

const HOLDERS: Readonly<Record<string, string>> = {
  actions: 'elements',
  context_actions: 'elements',
  card: 'actions',
  section: 'accessory',
  input: 'element',
};

/** The elements of one block that carry an action_id or may. */
export function elementsOf(block: Fields): readonly Fields[] {
  const held = block[HOLDERS[String(block['type'])] ?? ''];
  const elements = isFields(held) ? [held] : fieldsIn(held);
  return elements.filter((element) => element['type'] !== 'image');
}

export type Placed = { readonly block: Fields; readonly element: Fields };

/** The element of that name in the blocks as they are now. */
export function findElement(
  blocks: readonly Fields[],
  blockId: string,
  actionId: string,
): Placed | undefined {
  for (const block of withinContainers(blocks)) {
    if (block['block_id'] !== blockId) continue;
    const element = elementsOf(block).find((candidate) => candidate['action_id'] === actionId);
    if (element !== undefined) return { block, element };
  }
  return undefined;
}

/** Every block and every element gets a name, as Slack gives one to those that the app left nameless. */
export function nameParts(blocks: readonly Fields[]): readonly Block[] {
  return blocks.map(nameBlock);
}

function nameBlock(block: Fields): Block {
  const type = String(block['type']);
  const holder = HOLDERS[type];
  const held = holder === undefined ? undefined : block[holder];
  const children = type === 'container' ? 'child_blocks' : type === 'carousel' ? 'elements' : undefined;
  return {
    ...block,
    type,
    block_id: typeof block['block_id'] === 'string' ? block['block_id'] : freshName(),
    ...(holder === undefined || held === undefined ? {} : { [holder]: nameHeld(held) }),
    ...(children === undefined ? {} : { [children]: fieldsIn(block[children]).map(nameBlock) }),
  };
}

function nameHeld(held: unknown): unknown {
  if (Array.isArray(held)) return held.map(nameElement);
  return isFields(held) ? nameElement(held) : held;
}

function nameElement(element: Fields): Fields {
  if (element['type'] === 'image' || typeof element['action_id'] === 'string') return element;
  return { ...element, action_id: freshName() };
}

function freshName(): string {
  return randomBytes(4).toString('base64url');
}
