import type { Block } from '../api.ts';
import { el } from '../el.ts';
import { drawElement } from '../elements/index.ts';
import { listOf, recordOf, stringOf } from '../reading.ts';
import type { Surface } from '../surface.ts';
import { drawInlineText, drawProse } from '../text/draw.ts';
import { parseMarkdown } from '../text/markdown.ts';
import { readRichText } from '../text/rich-text.ts';
import { readText } from '../text/text-object.ts';

/** The blocks that are mostly words. */
export function drawHeader(block: Block, { names }: Surface): HTMLElement {
  return el('h3', { class: 'block-header' }, ...drawInlineText(readText(block['text']), names));
}

export function drawSection(block: Block, surface: Surface): HTMLElement {
  const fields = listOf(block['fields']);
  const accessory = recordOf(block['accessory']);
  const place = { surface, blockId: block.block_id ?? '', tellsAtOnce: true, isRequired: false };
  return el(
    'div',
    { class: 'block-section' },
    el(
      'div',
      { class: 'block-section-words' },
      block['text'] !== undefined &&
        el('div', { class: 'prose' }, ...drawProse(readText(block['text']), surface.names)),
      fields.length > 0 &&
        el(
          'div',
          { class: 'block-fields' },
          ...fields.map((field) =>
            el('div', { class: 'prose' }, ...drawProse(readText(field), surface.names)),
          ),
        ),
    ),
    block['accessory'] !== undefined &&
      el('div', { class: 'block-accessory' }, drawElement(accessory, place)),
  );
}

export function drawContext(block: Block, surface: Surface): HTMLElement {
  const place = { surface, blockId: block.block_id ?? '', tellsAtOnce: false, isRequired: false };
  return el(
    'div',
    { class: 'block-context' },
    ...listOf(block['elements']).map((element) =>
      element['type'] === 'image'
        ? drawElement(element, place)
        : el('span', { class: 'prose' }, ...drawInlineText(readText(element), surface.names)),
    ),
  );
}

export function drawDivider(): HTMLElement {
  return el('hr', { class: 'block-divider' });
}

export function drawRichText(block: Block, { names }: Surface): HTMLElement {
  return el('div', { class: 'prose' }, ...drawProse(readRichText(block), names));
}

export function drawMarkdown(block: Block, { names }: Surface): HTMLElement {
  return el('div', { class: 'prose' }, ...drawProse(parseMarkdown(stringOf(block['text'])), names));
}
