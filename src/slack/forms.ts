import { randomBytes } from 'node:crypto';
import type { App } from '@slack/bolt';
import type { Form, FormErrors } from '../core/reply/form.ts';
import { type Reply, refuse } from '../core/reply/reply.ts';
import { say } from '../core/reply/text.ts';
import { UNKNOWN_ELEMENT } from '../core/reply/unknown.ts';
import type { OnForm } from '../ports/chat.ts';
import { logged } from '../ports/log-context.ts';
import { FORM_CALLBACK_ID } from './action-ids.ts';
import { type Conversation, inTime, whoAndWhere } from './conversation.ts';
import { causeOf, failureReply } from './failures.ts';
import { tellPlainly } from './listen.ts';
import { renderForm, renderNotice } from './render/form.ts';
import { formContext, TOO_LATE_TO_OPEN } from './show-form.ts';
import { type Submission, submissionIn } from './submission.ts';

/**
 * Windows in which people type. A submission must be acknowledged within three seconds, and only the acknowledgement can keep
 * the window open; so an outcome that comes quickly decides what the window does, and a later one is told in the channel.
 */
const QUICK_MS = 2000;

/** What comes of a submission, as far as it is known when it must be acknowledged. */
type Outcome =
  | { readonly type: 'told'; readonly reply: Reply | Form | FormErrors | undefined }
  | { readonly type: 'failed'; readonly error: unknown };

/** Takes what people send off. A window that can't be read is left to `attend`, which says so in it. */
export function keepForms(app: App, conversation: Conversation, onForm: OnForm): void {
  app.view(FORM_CALLBACK_ID, async ({ ack, body, context }) => {
    const submitted = submissionIn(body);
    if (submitted === undefined) return;
    const reference = randomBytes(3).toString('hex');
    const { userId: user, channelId: channel } = submitted.from;
    const { log, seen, meter } = conversation;
    const acknowledge = async (acknowledged: object | undefined): Promise<void> => {
      context['isAcknowledged'] = true;
      seen.acknowledgedWith(context['deliveryId'], acknowledged);
      await ack(acknowledged as never).catch((error: unknown) =>
        log.warn({ err: error }, 'could not acknowledge'),
      );
      meter?.slackAcknowledged(performance.now() - Number(context['receivedAtMs']));
    };
    await logged({ reference, user, channel }, () =>
      answer(conversation, submitted, onForm, reference, acknowledge),
    );
  });
}

async function answer(
  conversation: Conversation,
  submitted: Submission,
  onForm: OnForm,
  reference: string,
  acknowledge: (acknowledged: object | undefined) => Promise<void>,
): Promise<void> {
  const { log, clock, meter } = conversation;
  const outcome = outcomeOf(submit(conversation, submitted, onForm));
  const decided = new AbortController();
  const quick = Promise.race([outcome, clock.wait(QUICK_MS, decided.signal).then(() => undefined)]);
  const acknowledged = acknowledgement(await quick, submitted, reference);
  decided.abort();
  await acknowledge(acknowledged);
  const known = await outcome;
  if (known.type === 'failed') {
    log.error({ err: known.error, reference }, 'a form failed');
    meter?.requestFailed('form', causeOf(known.error));
  } else log.info({}, 'a request was answered');
  // The window says it already.
  if (acknowledged !== undefined) return;
  const reply = known.type === 'failed' ? failureReply(known.error, reference) : asReply(known.reply);
  if (reply !== undefined)
    await tellPlainly(conversation, { ...submitted.from, kind: 'form' }, reply, reference);
}

async function submit(
  conversation: Conversation,
  { form, value, fields, from }: Submission,
  onForm: OnForm,
): Promise<Reply | Form | FormErrors | undefined> {
  if (value === undefined) return UNKNOWN_ELEMENT;
  const { userId, channelId } = from;
  const { asker: actor, channel } = await whoAndWhere(conversation, { userId, channelId });
  return inTime(conversation.clock, onForm({ form, value, fields, actor, channel }));
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
  { from, inputs }: Submission,
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
    return { response_action: 'update', view: renderForm(early.reply, formContext(early.reply, from)) };
  }
  if (early.reply?.type !== 'errors') return undefined;
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
