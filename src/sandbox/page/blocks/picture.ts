import type { Block } from '../api.ts';
import { drawChart } from '../chart/draw.ts';
import { readChart } from '../chart/read.ts';
import { el } from '../el.ts';
import { drawImage } from '../elements/image.ts';
import { drawUnknown } from '../elements/index.ts';
import { wordsOf } from '../reading.ts';

/** The blocks that are looked at. */
export function drawImageBlock(block: Block): HTMLElement {
  const title = wordsOf(block['title']);
  return el(
    'figure',
    { class: 'block-image' },
    title !== '' && el('figcaption', {}, title),
    drawImage(block),
  );
}

export function drawVisualization(block: Block): HTMLElement {
  const chart = readChart(block);
  return chart === undefined
    ? drawUnknown('data_visualization without numbers')
    : drawChart(chart, wordsOf(block['title']));
}
