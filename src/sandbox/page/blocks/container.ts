import type { Block } from '../api.ts';
import { el } from '../el.ts';
import { listOf, recordOf, stringOf } from '../reading.ts';
import type { Surface } from '../surface.ts';
import { drawInlineText } from '../text/draw.ts';
import { readRichText } from '../text/rich-text.ts';
import { readText } from '../text/text-object.ts';

/** Blocks that belong together under a title, and may be folded away. */
export function drawContainer(block: Block, surface: Surface): HTMLElement {
  const { names } = surface;
  const rich = recordOf(block['rich_text_title']);
  const title = Object.keys(rich).length > 0 ? readRichText(rich) : readText(block['title']);
  const heading = el(
    'span',
    { class: 'container-heading' },
    el('span', { class: 'container-title' }, ...drawInlineText(title, names)),
    block['subtitle'] !== undefined &&
      el('span', { class: 'container-subtitle' }, ...drawInlineText(readText(block['subtitle']), names)),
  );
  const children = listOf(block['child_blocks']).map(
    (child): Block => ({ ...child, type: stringOf(child['type']) }),
  );
  const body = el('div', { class: 'container-body' }, ...surface.drawBlocks(children));
  if (block['is_collapsible'] !== true)
    return el('section', { class: 'block-container' }, el('div', { class: 'container-head' }, heading), body);
  return el(
    'details',
    { class: 'block-container', open: block['default_collapsed'] !== true },
    el('summary', { class: 'container-head', 'data-key': `${block.block_id ?? ''}/fold` }, heading),
    body,
  );
}
