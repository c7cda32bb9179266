import type { Block } from '../api.ts';
import { el, icon } from '../el.ts';
import { type Json, listOf, recordOf, stringOf, wordsOf } from '../reading.ts';
import type { Surface } from '../surface.ts';
import { drawProse } from '../text/draw.ts';
import { readRichText } from '../text/rich-text.ts';

const STATES: ReadonlyMap<string, { readonly sign: string; readonly words: string }> = new Map([
  ['pending', { sign: 'sign-ring', words: 'Waiting' }],
  ['in_progress', { sign: 'sign-hourglass', words: 'In progress' }],
  ['complete', { sign: 'sign-check', words: 'Done' }],
  ['error', { sign: 'sign-stop', words: 'Failed' }],
]);

/** Steps in order, each with its state. */
export function drawPlan(block: Block, surface: Surface): HTMLElement {
  return el(
    'div',
    { class: 'block-plan' },
    el('p', { class: 'plan-title' }, wordsOf(block['title'])),
    el('ol', {}, ...listOf(block['tasks']).map((task) => el('li', {}, drawTask(task, surface)))),
  );
}

export function drawTaskCard(block: Block, surface: Surface): HTMLElement {
  return drawTask(block, surface);
}

function drawTask(task: Json, { names }: Surface): HTMLElement {
  const status = stringOf(task['status']);
  const state = STATES.get(status) ?? { sign: 'sign-ring', words: status };
  const details = [...readRichText(recordOf(task['details'])), ...readRichText(recordOf(task['output']))];
  return el(
    'div',
    { class: `task task-${STATES.has(status) ? status : 'pending'}` },
    el(
      'span',
      { class: 'sign', role: 'img', 'aria-label': state.words, title: state.words },
      icon(state.sign),
    ),
    el(
      'div',
      {},
      el('p', { class: 'task-title' }, wordsOf(task['title'])),
      ...(details.length > 0 ? [el('div', { class: 'prose' }, ...drawProse(details, names))] : []),
    ),
  );
}
