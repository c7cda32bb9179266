import type { Block } from '../api.ts';
import { el } from '../el.ts';
import { drawElement } from '../elements/index.ts';
import { listOf, recordOf, wordsOf } from '../reading.ts';
import type { Surface } from '../surface.ts';

/** The blocks that one acts with. */
export function drawActions(block: Block, surface: Surface): HTMLElement {
  const place = { surface, blockId: block.block_id ?? '', tellsAtOnce: true, isRequired: false };
  return el(
    'div',
    { class: 'block-actions', role: 'group', 'aria-label': 'Actions' },
    ...listOf(block['elements']).map((element) => drawElement(element, place)),
  );
}

let drawn = 0;

/** A label, its input, a hint, and room for the sentence that says what is wrong (see showProblems). */
export function drawInput(block: Block, surface: Surface): HTMLElement {
  drawn += 1;
  const id = `input-${drawn}`;
  const isOptional = block['optional'] === true;
  const hint = wordsOf(block['hint']);
  const control = drawElement(recordOf(block['element']), {
    surface,
    blockId: block.block_id ?? '',
    tellsAtOnce: block['dispatch_action'] === true,
    isRequired: !isOptional,
    labelledBy: `${id}-label`,
    describedBy: `${id}-hint ${id}-problem`,
  });
  return el(
    'div',
    { class: 'block-input', 'data-block-id': block.block_id ?? '' },
    el(
      'span',
      { class: 'input-label', id: `${id}-label` },
      wordsOf(block['label']),
      isOptional && el('span', { class: 'input-optional' }, ' optional'),
    ),
    control,
    el('p', { class: 'input-problem', id: `${id}-problem`, role: 'alert' }),
    hint !== '' && el('p', { class: 'input-hint', id: `${id}-hint` }, hint),
  );
}

/** Writes each sentence under its input, clears the others, and moves the focus to the first that is wrong. */
export function showProblems(
  root: HTMLElement,
  surface: Surface,
  problems: ReadonlyMap<string, string>,
): void {
  let first: string | undefined;
  for (const block of root.querySelectorAll<HTMLElement>('.block-input')) {
    const blockId = block.dataset['blockId'] ?? '';
    const problem = problems.get(blockId);
    if (problem !== undefined) first ??= blockId;
    block.classList.toggle('has-problem', problem !== undefined);
    const line = block.querySelector('.input-problem');
    if (line !== null) line.textContent = problem ?? '';
    for (const control of block.querySelectorAll('.field, .choices'))
      control.setAttribute('aria-invalid', String(problem !== undefined));
  }
  if (first !== undefined) surface.form.focus(first);
}
