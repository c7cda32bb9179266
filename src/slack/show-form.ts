import { z } from 'zod';
import type { Form } from '../core/reply/form.ts';
import { refuse } from '../core/reply/reply.ts';
import { say } from '../core/reply/text.ts';
import type { Heard } from './heard.ts';
import { renderForm } from './render/form.ts';
import { renderReply } from './render/reply.ts';
import type { Addressee, Speech } from './speech.ts';

/** What travels with a window: Slack tells a submission neither where it came from nor what it was about. */
const contextShape = z.object({
  value: z.string(),
  channelId: z.string().optional(),
  responseUrl: z.string().optional(),
});

type FormContext = z.infer<typeof contextShape>;

/** Opens it for whoever has just done something. */
export async function showForm(speech: Speech, heard: Heard, form: Form): Promise<void> {
  const { triggerId } = heard;
  const view = renderForm(form, formContext(form, heard));
  if (triggerId !== undefined && (await speech.open(triggerId, view))) return;
  await speech.tell(heard, (drawing) => renderReply(TOO_LATE_TO_OPEN, drawing));
}

export function formContext({ value }: Form, { channelId, responseUrl }: Addressee): string {
  const context: FormContext = { value, channelId, responseUrl };
  return JSON.stringify(context);
}

/** Undefined for what this version did not write. */
export function readFormContext(metadata: string): FormContext | undefined {
  try {
    return contextShape.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
}

export const TOO_LATE_TO_OPEN = refuse(
  'trigger_expired',
  say`Slack gives me three seconds to open a window, and this time I needed longer.`,
  say`Nothing was done. Press again: now it should be quick.`,
);
