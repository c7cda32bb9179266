import type { Block } from '../api.ts';
import { el, icon } from '../el.ts';
import { stringOf } from '../reading.ts';
import type { Surface } from '../surface.ts';
import { drawProse } from '../text/draw.ts';
import { readText } from '../text/text-object.ts';

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['default', 'sign-info'],
  ['info', 'sign-info'],
  ['warning', 'sign-warning'],
  ['error', 'sign-stop'],
  ['success', 'sign-check'],
]);

export function drawAlert(block: Block, { names }: Surface): HTMLElement {
  const wanted = stringOf(block['level']);
  const level = SIGNS.has(wanted) ? wanted : 'default';
  return el(
    'div',
    { class: `block-alert level-${level}`, role: 'note' },
    icon(SIGNS.get(level) ?? 'sign-info'),
    el('div', { class: 'prose' }, ...drawProse(readText(block['text']), names)),
  );
}
