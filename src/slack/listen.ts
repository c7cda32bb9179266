import { randomBytes } from 'node:crypto';
import type { AllMiddlewareArgs, AnyMiddlewareArgs, App } from '@slack/bolt';
import { type Refusal, type Reply, refuse } from '../core/reply/reply.ts';
import { say } from '../core/reply/text.ts';
import { UNKNOWN_ELEMENT } from '../core/reply/unknown.ts';
import type { Log } from '../ports/host.ts';
import { logged } from '../ports/log-context.ts';
import type { Meter, RequestKind } from '../ports/meter.ts';
import type { SeenDeliveries } from './deliveries.ts';
import { causeOf, failureReply } from './failures.ts';
import { type Heard, heardIn } from './heard.ts';
import { renderNotice } from './render/form.ts';
import { renderReply } from './render/reply.ts';
import type { Running } from './running.ts';
import type { Addressee, Speech } from './speech.ts';

/**
 * The one way in. Whatever is delivered is acknowledged on the first line, then worked on; every failure becomes a sentence
 * with a reference; what nobody listens for is answered too. Bolt leaves a delivery unanswered when a listener throws
 * before it acknowledges, and when there is no listener (behaviour of 5.1).
 */
export type Ears = {
  readonly speech: Speech;
  readonly running: Running;
  readonly seen: SeenDeliveries;
  readonly meter?: Meter;
  readonly log: Log;
};

/** What a listener does once the delivery is acknowledged. It may throw. */
export type Work = (heard: Heard, reference: string) => Promise<void>;

/** How a listener is written: `app.command('/x', answering(ears, work))`. */
export type Acknowledging = {
  readonly ack: () => Promise<unknown>;
  readonly body: unknown;
  readonly context: Record<string, unknown>;
};

/** Goes before all listeners: watches over the work, and answers what none of them has. */
export function attend(app: App, ears: Ears): void {
  app.use((args) => ears.running.watch(attended(args, ears)));
  app.error(async (error) => {
    ears.log.error({ err: error }, 'a delivery of Slack failed outside of every listener');
  });
}

type Delivered = AnyMiddlewareArgs & AllMiddlewareArgs;

async function attended(args: Delivered, ears: Ears): Promise<void> {
  args.context['receivedAtMs'] = performance.now();
  const deliveryId = args.context['deliveryId'];
  if (!ears.seen.isNew(deliveryId)) return acknowledgeAgain(args, ears);
  try {
    await answered(args, ears);
  } finally {
    ears.seen.acknowledgedWith(deliveryId, undefined);
  }
}

async function answered(args: Delivered, ears: Ears): Promise<void> {
  const { context, body, next } = args;
  const acknowledge = acknowledgerOf(args);
  if (ears.running.isStopping && acknowledge !== undefined) {
    await acknowledge(RESTARTING);
    await sayToPerson(ears, body, RESTARTING);
    return;
  }
  try {
    await next();
  } finally {
    if (acknowledge !== undefined && context['isAcknowledged'] !== true) {
      await acknowledge(UNKNOWN_ELEMENT);
      ears.log.warn({ type: args.body.type }, 'Slack delivered what nothing listens for');
      await sayToPerson(ears, body, UNKNOWN_ELEMENT);
    }
  }
}

/** The second copy of a delivery does nothing; that of a form is answered as the first was, so that the window agrees. */
async function acknowledgeAgain(args: Delivered, { seen }: Ears): Promise<void> {
  if (!('ack' in args) || args.ack === undefined) return;
  const ack: (answer?: object) => Promise<unknown> = args.ack as never;
  const isForm = args.body.type === 'view_submission';
  await ack(isForm ? await seen.acknowledgementOf(args.context['deliveryId']) : undefined);
}

/** Acknowledges at once, then works, and tells the person whatever goes wrong. */
export function answering(ears: Ears, work: Work): (args: Acknowledging) => Promise<void> {
  return async ({ ack, body, context }) => {
    context['isAcknowledged'] = true;
    // The socket may have closed meanwhile; the answer finds its way without it.
    await ack().catch((error: unknown) => ears.log.warn({ err: error }, 'could not acknowledge'));
    ears.meter?.slackAcknowledged(performance.now() - Number(context['receivedAtMs']));
    const reference = randomBytes(3).toString('hex');
    const heard = heardIn(body);
    const { userId: user, channelId: channel } = heard;
    await ears.running.turn();
    await logged({ reference, user, channel }, async () => {
      try {
        await work(heard, reference);
        ears.log.info({}, 'a request was answered');
      } catch (error) {
        ears.log.error({ err: error, reference, user, channel }, 'a request failed');
        ears.meter?.requestFailed(heard.kind, causeOf(error));
        await tellPlainly(ears, heard, failureReply(error, reference), reference);
      }
    });
  };
}

const RESTARTING = refuse(
  'restarting',
  say`I am just being restarted.`,
  say`Nothing was done. Try again in a few seconds.`,
);

async function sayToPerson(ears: Ears, body: unknown, reply: Reply): Promise<void> {
  const heard = heardIn(body);
  // A modal has no channel; what it is told stands in the acknowledgement.
  if (heard.responseUrl === undefined && heard.channelId === undefined) return;
  await tellPlainly(ears, heard, reply, reply.type === 'refusal' ? reply.code : '');
}

type Asker = Addressee & { readonly kind: RequestKind };

/** Never throws: it is what speaks when something has failed already. */
export async function tellPlainly(ears: Ears, to: Asker, reply: Reply, reference: string): Promise<void> {
  try {
    await ears.speech.tell(to, (drawing) => renderReply(reply, drawing));
  } catch (error) {
    ears.log.error({ err: error, reference }, 'a person could not be told what went wrong');
    ears.meter?.requestUnanswered(to.kind);
  }
}

/** How this kind of delivery is acknowledged when nothing is done for it; events are acknowledged by Bolt. */
function acknowledgerOf(args: Delivered): ((told: Refusal) => Promise<unknown>) | undefined {
  if (!('ack' in args) || args.ack === undefined) return undefined;
  const ack: (answer?: object) => Promise<unknown> = args.ack as never;
  switch (args.body.type) {
    case 'view_submission':
      return (told) => ack({ response_action: 'update', view: renderNotice('Nothing was done', told) });
    case 'block_suggestion':
    case 'interactive_message':
    case 'dialog_suggestion':
      return () => ack({ options: [] });
    default:
      return () => ack();
  }
}
