import { z } from 'zod';
import { anyText, chars, plainText, url } from './text.ts';

/** Parts that elements share: confirm dialogs, options, pictures (reference/slack.md, section 8). */

export const style = z.enum(['primary', 'danger']);

export const confirm = z.strictObject({
  title: plainText(100).optional(),
  text: anyText(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: style.optional(),
});

const described = {
  // Slack's pages say 150; the comment of @slack/types says 75. The larger one is what the API takes.
  value: chars(150, 0),
  description: plainText(75).optional(),
};

export const plainOption = z.strictObject({ ...described, text: plainText(75) });
export const richOption = z.strictObject({
  ...described,
  description: anyText(75).optional(),
  text: anyText(75),
});
export const overflowOption = z.strictObject({ ...described, text: plainText(75), url: url.optional() });

export const optionGroup = z.strictObject({
  label: plainText(75),
  options: z.array(plainOption).min(1).max(100),
});

const slackFile = z.union([z.strictObject({ id: z.string() }), z.strictObject({ url: z.string() })]);

export const picture = {
  image_url: url.optional(),
  slack_file: slackFile.optional(),
  alt_text: chars(2_000),
};

/** A picture comes from an address or from a file, never from nowhere. */
export function hasSource(image: { image_url?: unknown; slack_file?: unknown }): boolean {
  return image.image_url !== undefined || image.slack_file !== undefined;
}
export const NO_SOURCE = 'missing required field: image_url';

export const imageElement = z
  .strictObject({ type: z.literal('image'), ...picture })
  .refine(hasSource, { error: NO_SOURCE });
