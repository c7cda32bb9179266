import { randomBytes } from 'node:crypto';
import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Form, FormErrors } from '../core/reply/form.ts';
import { type Reply, refuse } from '../core/reply/reply.ts';
import { say } from '../core/reply/text.ts';
import { UNKNOWN_ELEMENT } from '../core/reply/unknown.ts';
import type { OnForm } from '../ports/chat.ts';
import { FORM_CALLBACK_ID } from './action-ids.ts';
import { type Conversation, inTime, whoAndWhere } from './conversation.ts';
import { causeOf, failureReply } from './failures.ts';
import { tellPlainly } from './listen.ts';
import { FIELD_ACTION_ID, renderForm, renderNotice } from './render/form.ts';
import { formContext, readFormContext, TOO_LATE_TO_OPEN } from './show-form.ts';
import type { Addressee } from './speech.ts';

/**
 * Windows in which people type. A submission must be acknowledged within three seconds, and only the acknowledgement can keep
 * the window open; so an outcome that comes quickly decides what the window does, and a later one is told in the channel.
 */
const QUICK_MS = 2000;

const submission = z.looseObject({
  user: z.looseObject({ id: z.string() }),
  view: z.looseObject({
    callback_id: z.string(),
    private_metadata: z.string(),
    blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })),
    state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), z.unknown())) }),
  }),
});

type Submission = z.infer<typeof submission>;

/** What comes of a submission, as far as it is known when it must be acknowledged. */
type Outcome =
  | { readonly type: 'told'; readonly reply: Reply | Form | FormErrors | undefined }
  | { readonly type: 'failed'; readonly error: unknown };

/** Takes what people send off. */
export function keepForms(app: App, conversation: Conversation, onForm: OnForm): void {
  app.view(FORM_CALLBACK_ID, async ({ ack, body, context }) => {
    const submitted = submission.parse(body);
    context['isAcknowledged'] = true;
    const reference = randomBytes(3).toString('hex');
    const { log, seen, clock, meter } = conversation;
    const to = addresseeOf(submitted);
    const outcome = outcomeOf(submit(conversation, submitted, to, onForm));
    const decided = new AbortController();
    const quick = Promise.race([outcome, clock.wait(QUICK_MS, decided.signal).then(() => undefined)]);
    const acknowledged = acknowledgement(await quick, submitted, to, reference);
    decided.abort();
    seen.acknowledgedWith(context['deliveryId'], acknowledged);
    await ack(acknowledged as never).catch((error: unknown) =>
      log.warn({ err: error }, 'could not acknowledge'),
    );
    const known = await outcome;
    if (known.type === 'failed') {
      log.error({ err: known.error, reference, user: to.userId, channel: to.channelId }, 'a form failed');
      meter?.requestFailed('form', causeOf(known.error));
    }
    // The window says it already.
    if (acknowledged !== undefined) return;
    const reply = known.type === 'failed' ? failureReply(known.error, reference) : asReply(known.reply);
    if (reply !== undefined) await tellPlainly(conversation, { ...to, kind: 'form' }, reply, reference);
  });
}

async function submit(
  conversation: Conversation,
  { view }: Submission,
  { userId, channelId }: Addressee,
  onForm: OnForm,
): Promise<Reply | Form | FormErrors | undefined> {
  const form = FORM_CALLBACK_ID.exec(view.callback_id)?.[1] ?? '';
  const context = readFormContext(view.private_metadata);
  if (context === undefined) return UNKNOWN_ELEMENT;
  const { asker: actor, channel } = await whoAndWhere(conversation, { userId, channelId });
  const submitted = { form, value: context.value, fields: fieldsOf(view), actor, channel };
  return inTime(conversation.clock, onForm(submitted));
}

async function outcomeOf(work: Promise<Reply | Form | FormErrors | undefined>): Promise<Outcome> {
  try {
    return { type: 'told', reply: await work };
  } catch (error) {
    return { type: 'failed', error };
  }
}

/** What the window does: stays with sentences beside its fields, asks for more, says what went wrong, or (undefined) closes. */
function acknowledgement(
  early: Outcome | undefined,
  { view }: Submission,
  to: Addressee,
  reference: string,
): object | undefined {
  if (early === undefined) return undefined;
  if (early.type === 'failed') {
    return {
      response_action: 'update',
      view: renderNotice('Something went wrong', failureReply(early.error, reference)),
    };
  }
  if (early.reply?.type === 'form') {
    return { response_action: 'update', view: renderForm(early.reply, formContext(early.reply, to)) };
  }
  if (early.reply?.type !== 'errors') return undefined;
  const inputs = view.blocks.filter(({ type }) => type === 'input').map(({ block_id: name }) => name);
  // Slack takes none of them when one names an input that is not there.
  const errors = [...early.reply.errors].filter(([name]) => inputs.includes(name));
  return errors.length === 0 ? undefined : { response_action: 'errors', errors: Object.fromEntries(errors) };
}

/** What could not be said beside the fields is said in the channel. */
function asReply(outcome: Reply | Form | FormErrors | undefined): Reply | undefined {
  if (outcome?.type === 'form') return TOO_LATE_TO_OPEN;
  if (outcome?.type !== 'errors') return outcome;
  const sentences = [...outcome.errors.values()].join(' ');
  return refuse('form_errors', say`${sentences}`, say`Nothing was done. Open the form again.`);
}

function addresseeOf({ user, view }: Submission): Addressee {
  const context = readFormContext(view.private_metadata);
  return { userId: user.id, channelId: context?.channelId, responseUrl: context?.responseUrl };
}

const held = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.looseObject({ value: z.string() }).nullish(),
});

function fieldsOf(view: Submission['view']): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, elements] of Object.entries(view.state.values)) {
    const state = held.safeParse(elements[FIELD_ACTION_ID]).data;
    const value = state?.value ?? state?.selected_option?.value;
    if (value !== undefined && value !== '') fields.set(name, value);
  }
  return fields;
}
