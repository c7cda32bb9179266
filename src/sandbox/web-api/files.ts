import { z } from 'zod';
import { nameParts } from '../elements.ts';
import type { StoredFile } from '../files.ts';
import { placeToPost } from './chat.ts';
import { method, Refused } from './method.ts';

const FILES_MAX = 10;
/** The sandbox keeps files in memory. */
export const FILE_MAX_BYTES = 10_000_000;

const getUploadUrl = method('files.getUploadURLExternal', {
  scopes: ['files:write'],
  args: z.looseObject({ filename: z.string().min(1), length: z.coerce.number().int().min(1) }),
  answer: ({ filename, length }, { files, origin }) => {
    if (length > FILE_MAX_BYTES) return new Refused('file_too_large');
    const file = files.reserve(filename, length);
    return { upload_url: `${origin}/upload/${file.id}`, file_id: file.id };
  },
});

const completeUpload = method('files.completeUploadExternal', {
  scopes: ['files:write'],
  args: z.looseObject({
    files: z
      .array(z.looseObject({ id: z.string(), title: z.string().optional() }))
      .min(1)
      .max(FILES_MAX),
    channel_id: z.string().optional(),
    thread_ts: z.string().optional(),
    initial_comment: z.string().optional(),
  }),
  answer: (args, workspace) => {
    const stored = args.files.map(({ id }) => workspace.files.find(id));
    const whole = stored.filter((file) => file?.bytes !== undefined);
    if (whole.length < stored.length) return new Refused('file_not_found');
    const files = whole.filter((file) => file !== undefined);
    if (args.channel_id !== undefined) {
      const channel = placeToPost(workspace, args.channel_id);
      if (channel instanceof Refused) return channel;
      const links = files.map((file) => linkTo(workspace.origin, file));
      workspace.messages.post({
        channel: channel.id,
        from: workspace.world.bot.userId,
        threadTs: args.thread_ts,
        text: [args.initial_comment ?? '', ...files.map(({ name }) => name)].join('\n').trim(),
        blocks: nameParts(
          [args.initial_comment ?? '', ...links].filter((text) => text !== '').map((text) => section(text)),
        ),
      });
    }
    return { files: args.files.map(({ id, title }) => ({ id, title: title ?? id })) };
  },
});

export const FILE_METHODS = [getUploadUrl, completeUpload];

/** The page has no view of its own for files: a file is a line with a link. */
function linkTo(origin: string, { id, name, sizeBytes }: StoredFile): string {
  return `<${origin}/files/${id}|${name.replaceAll(/[<>&|]/g, '_')}> (${sizeBytes} bytes)`;
}

function section(text: string) {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}
