import { z } from 'zod';
import { chars, id } from './text.ts';

/** data_visualization (June 2026): the rules of reference/slack.md, section 9. */
const LABEL_MAX = 20;
/** Some of Slack's pages say 12; the smaller number is safe everywhere. */
const PARTS_MAX = 6;
const CATEGORIES_MAX = 20;
const AXIS_LABEL_MAX = 50;

const label = chars(LABEL_MAX);

const pie = z.strictObject({
  type: z.literal('pie'),
  segments: z
    .array(
      z.strictObject({
        label,
        value: z.number().refine((value) => value > 0, { error: 'must be more than 0' }),
      }),
    )
    .min(1)
    .max(PARTS_MAX),
});

const axes = {
  series: z
    .array(
      z.strictObject({
        name: label,
        data: z
          .array(z.strictObject({ label, value: z.number() }))
          .min(1)
          .max(CATEGORIES_MAX),
      }),
    )
    .min(1)
    .max(PARTS_MAX),
  axis_config: z.strictObject({
    categories: z.array(label).min(1).max(CATEGORIES_MAX),
    x_label: chars(AXIS_LABEL_MAX).optional(),
    y_label: chars(AXIS_LABEL_MAX).optional(),
  }),
};

type OnAxes = {
  readonly series: readonly { readonly data: readonly { readonly label: string }[] }[];
  readonly axis_config: { readonly categories: readonly string[] };
};

function coverCategories({ series, axis_config }: OnAxes, context: z.core.$RefinementCtx): void {
  const wanted = [...axis_config.categories].sort().join('\n');
  series.forEach(({ data }, index) => {
    const given = data
      .map((point) => point.label)
      .sort()
      .join('\n');
    if (given !== wanted) {
      context.addIssue({
        code: 'custom',
        path: ['series', index, 'data'],
        message: 'must have one value for every category',
      });
    }
  });
}

export const dataVisualization = z.strictObject({
  type: z.literal('data_visualization'),
  block_id: id.optional(),
  title: chars(50),
  chart: z.discriminatedUnion('type', [
    pie,
    z.strictObject({ type: z.literal('bar'), ...axes }).superRefine(coverCategories),
    z.strictObject({ type: z.literal('line'), ...axes }).superRefine(coverCategories),
    z.strictObject({ type: z.literal('area'), ...axes }).superRefine(coverCategories),
  ]),
});
