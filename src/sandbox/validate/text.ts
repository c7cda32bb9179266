import { z } from 'zod';

/** Text of at most `max` characters. Slack counts characters, not UTF-16 units, so an emoji is one. */
export function chars(max: number, min = 1): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    // A text of `max` units has at most `max` characters; only a longer one has to be counted.
    if (text.length > max && [...text].length > max) {
      context.addIssue({ code: 'custom', message: `must be less than ${max + 1} characters` });
    }
    if (text.length < min) {
      context.addIssue({ code: 'custom', message: `must be more than ${min - 1} characters` });
    }
  });
}

export function plainText(max: number) {
  return z.strictObject({ type: z.literal('plain_text'), text: chars(max), emoji: z.boolean().optional() });
}

export function markdownText(max: number) {
  return z.strictObject({ type: z.literal('mrkdwn'), text: chars(max), verbatim: z.boolean().optional() });
}

/** Either kind of text object. */
export function anyText(max: number) {
  return z.discriminatedUnion('type', [plainText(max), markdownText(max)]);
}

/** The longest text object that is not limited further by where it stands. */
export const TEXT_MAX = 3_000;
const ID_MAX = 255;

export const id = chars(ID_MAX);
export const url = chars(3_000);
