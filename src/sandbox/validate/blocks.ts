import { z } from 'zod';
import { dataVisualization } from './charts.ts';
import { hasSource, imageElement, NO_SOURCE, picture } from './composition.ts';
import { actionsElement, button, inputElement, sectionAccessory } from './elements.ts';
import { richText } from './rich-text.ts';
import { dataTable, table } from './tables.ts';
import { anyText, chars, id, markdownText, plainText, TEXT_MAX, url } from './text.ts';

/** Every block, and the surfaces it may stand on (reference/slack.md, section 9). */

const block_id = id.optional();

const actions = z.strictObject({
  type: z.literal('actions'),
  block_id,
  elements: z.array(actionsElement).min(1).max(25),
});

const alert = z.strictObject({
  type: z.literal('alert'),
  block_id,
  text: anyText(200),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});

const context = z.strictObject({
  type: z.literal('context'),
  block_id,
  elements: z
    .array(z.discriminatedUnion('type', [imageElement, plainText(TEXT_MAX), markdownText(TEXT_MAX)]))
    .min(1)
    .max(10),
});

const divider = z.strictObject({ type: z.literal('divider'), block_id });

const header = z.strictObject({ type: z.literal('header'), block_id, text: plainText(150) });

const image = z
  .strictObject({ type: z.literal('image'), block_id, ...picture, title: plainText(2_000).optional() })
  .refine(hasSource, { error: NO_SOURCE });

const input = z.strictObject({
  type: z.literal('input'),
  block_id,
  label: plainText(2_000),
  hint: plainText(2_000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
});

const markdown = z.strictObject({ type: z.literal('markdown'), block_id, text: chars(12_000) });

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id,
    text: anyText(TEXT_MAX).optional(),
    fields: z.array(anyText(2_000)).min(1).max(10).optional(),
    accessory: sectionAccessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, {
    error: 'missing required field: text',
  });

const video = z.strictObject({
  type: z.literal('video'),
  block_id,
  video_url: url,
  thumbnail_url: url,
  alt_text: chars(2_000),
  title: plainText(200),
  title_url: url.optional(),
  author_name: chars(50).optional(),
  provider_name: z.string().optional(),
  provider_icon_url: url.optional(),
  description: plainText(200).optional(),
});

const card = z
  .strictObject({
    type: z.literal('card'),
    block_id,
    hero_image: imageElement.optional(),
    icon: imageElement.optional(),
    title: markdownText(150).optional(),
    subtitle: markdownText(150).optional(),
    body: markdownText(200).optional(),
    actions: z.array(button).optional(),
  })
  .refine((one) => [one.hero_image, one.title, one.actions, one.body].some((part) => part !== undefined), {
    error: 'must have a hero_image, title, actions or body',
  });

const carousel = z.strictObject({
  type: z.literal('carousel'),
  block_id,
  elements: z.array(card).min(1).max(10),
});

const contextActions = z.strictObject({
  type: z.literal('context_actions'),
  block_id,
  elements: z
    .array(z.looseObject({ type: z.enum(['feedback_buttons', 'icon_button']), action_id: id.optional() }))
    .min(1)
    .max(5),
});

const container = z
  .strictObject({
    type: z.literal('container'),
    block_id,
    title: plainText(150).optional(),
    rich_text_title: richText.optional(),
    subtitle: anyText(150).optional(),
    child_blocks: z
      .array(
        z.discriminatedUnion('type', [
          actions,
          context,
          divider,
          header,
          image,
          input,
          richText,
          section,
          table,
          video,
        ]),
      )
      .min(1)
      .max(10),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    icon: imageElement.optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
  })
  .refine(({ title, rich_text_title }) => title !== undefined || rich_text_title !== undefined, {
    error: 'missing required field: title',
  });

const taskCard = z.strictObject({
  type: z.literal('task_card'),
  block_id,
  task_id: z.string(),
  title: z.string(),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.strictObject({ type: z.literal('url'), url, text: z.string() })).optional(),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
});

const plan = z.strictObject({
  type: z.literal('plan'),
  block_id,
  title: z.string(),
  tasks: z.array(taskCard).optional(),
});

const EVERYWHERE = [actions, context, divider, header, image, input, richText, section, video] as const;

export const messageBlock = z.discriminatedUnion('type', [
  ...EVERYWHERE,
  card,
  carousel,
  container,
  contextActions,
  dataTable,
  dataVisualization,
  markdown,
  plan,
  table,
  taskCard,
]);
export const modalBlock = z.discriminatedUnion('type', [...EVERYWHERE, alert]);
export const homeBlock = z.discriminatedUnion('type', [...EVERYWHERE]);
