import { elementsOf, withinContainers } from '../elements.ts';
import type { Fields } from '../fields.ts';
import { pointAt } from '../refusal.ts';

/** Two blocks of one name, or two elements of one name in one block, could not be told apart when pressed. */
export function duplicatesIn(blocks: readonly Fields[], at: readonly PropertyKey[]): readonly string[] {
  const blockIds = withinContainers(blocks).map((block) => block['block_id']);
  const actionIds = withinContainers(blocks).map((block) =>
    elementsOf(block).map((element) => element['action_id']),
  );
  return [
    ...repeated(blockIds).map((id) => pointAt(at, `block_id "${id}" already exists`)),
    ...actionIds
      .flatMap(repeated)
      .map((id) => pointAt(at, `action_id "${id}" already exists for another element`)),
  ];
}

function repeated(ids: readonly unknown[]): readonly string[] {
  const named = ids.filter((id) => typeof id === 'string');
  return [...new Set(named.filter((id, index) => named.indexOf(id) !== index))];
}
