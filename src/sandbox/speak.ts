import { z } from 'zod';
import { nameParts } from './elements.ts';
import type { Refusal } from './refusal.ts';
import type { ResponseUrl } from './response-urls.ts';
import { checkMessageBlocks } from './validate/message.ts';
import type { Workspace } from './workspace.ts';

/** An answer through a response_url, or in the acknowledgement of a slash command: the same body, the same rules. */

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);

const answerBody = z.looseObject({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: flag.optional(),
  delete_original: flag.optional(),
  thread_ts: z.string().optional(),
});

/** Carries the answer out; what comes back is why it was refused. */
export function speak(workspace: Workspace, url: ResponseUrl, given: unknown): Refusal | undefined {
  const { messages, world } = workspace;
  const parsed = answerBody.safeParse(given);
  if (!parsed.success) return { error: 'invalid_payload' };
  const body = parsed.data;
  const original = url.originalTs === undefined ? undefined : messages.find(url.channel, url.originalTs);
  if (body.delete_original === true) {
    if (original !== undefined) messages.remove(original);
    return undefined;
  }
  const checked = checkMessageBlocks(body.blocks);
  if (!checked.ok) return checked.refusal;
  const text = body.text ?? '';
  if (text === '' && checked.blocks.length === 0) return { error: 'no_text' };
  const blocks = nameParts(checked.blocks);
  if (body.replace_original === true && original !== undefined) {
    messages.edit(original, { text, blocks });
    return undefined;
  }
  const posted = messages.post({
    channel: url.channel,
    from: world.bot.userId,
    text,
    blocks,
    threadTs: body.thread_ts,
    onlyFor: body.response_type === 'in_channel' ? undefined : url.person,
  });
  // A command has no original message; the first answer to it becomes the one that can be replaced.
  url.originalTs ??= posted.ts;
  return undefined;
}
