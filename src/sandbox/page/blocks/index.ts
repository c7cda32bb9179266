import type { Block } from '../api.ts';
import { drawUnknown } from '../elements/index.ts';
import type { Surface } from '../surface.ts';
import { drawAlert } from './alert.ts';
import { drawContainer } from './container.ts';
import { drawActions, drawInput } from './controls.ts';
import { drawDataTable } from './data-table.ts';
import { drawImageBlock, drawVisualization } from './picture.ts';
import { drawPlan, drawTaskCard } from './plan.ts';
import { drawTable } from './table.ts';
import { drawContext, drawDivider, drawHeader, drawMarkdown, drawRichText, drawSection } from './words.ts';

/** Every block the page can draw. A new one is one function and one line here. */
const BLOCKS: ReadonlyMap<string, (block: Block, surface: Surface) => HTMLElement> = new Map([
  ['header', drawHeader],
  ['section', drawSection],
  ['context', drawContext],
  ['divider', drawDivider],
  ['rich_text', drawRichText],
  ['markdown', drawMarkdown],
  ['actions', drawActions],
  ['input', drawInput],
  ['table', drawTable],
  ['data_table', drawDataTable],
  ['data_visualization', drawVisualization],
  ['image', drawImageBlock],
  ['alert', drawAlert],
  ['container', drawContainer],
  ['plan', drawPlan],
  ['task_card', drawTaskCard],
]);

/** What the page gives a surface; drawing the blocks within blocks is added here. */
type Ground = Omit<Surface, 'drawBlocks'>;

/** A surface whose blocks can be drawn. */
export function surfaceOn(ground: Ground): Surface {
  const surface: Surface = {
    ...ground,
    drawBlocks: (blocks) => blocks.map((block) => drawBlock(block, surface)),
  };
  return surface;
}

function drawBlock(block: Block, surface: Surface): HTMLElement {
  const draw = BLOCKS.get(block.type);
  const drawn = draw === undefined ? drawUnknown(block.type) : draw(block, surface);
  drawn.classList.add('block');
  return drawn;
}
