import { z } from 'zod';
import { isEmpty, NotOffered, stateValues } from '../element-state.ts';
import { type Fields, isFields } from '../fields.ts';
import type { Block, Submit, SubmitOutcome, Values } from '../page/api.ts';
import { viewSubmission } from '../payloads.ts';
import { checkView } from '../validate/view.ts';
import { type OpenView, STACK_MAX } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import { findPerson } from '../world.ts';
import { DONE, failureOf, problem } from './problem.ts';

/** What the app may answer to a submission (reference/slack.md, section 2). */
const responseAction = z.discriminatedUnion('response_action', [
  z.looseObject({
    response_action: z.literal('errors'),
    errors: z.record(z.string(), z.string()).refine((errors) => Object.keys(errors).length > 0),
  }),
  z.looseObject({ response_action: z.literal('update'), view: z.unknown() }),
  z.looseObject({ response_action: z.literal('push'), view: z.unknown() }),
  z.looseObject({ response_action: z.literal('clear') }),
]);

/** A modal is submitted: first what Slack's own client checks, then what the app says. */
export async function submit(workspace: Workspace, { as, viewId, values }: Submit): Promise<SubmitOutcome> {
  const { world, views, deliveries, triggers } = workspace;
  const person = findPerson(world, as);
  const view = views.modalsOf(as).at(-1);
  if (person === undefined) return problem(`There is nobody called ${as} here.`);
  if (view?.id !== viewId) return problem('That modal is not on top any more.');
  if (view.body.type !== 'modal' || view.body.submit === undefined)
    return problem('It has nothing to submit.');
  const read = readState(view.blocks, values);
  if ('ok' in read) return read;
  const submission = { view, values: read.state, triggerId: triggers.issue(as) };
  const payload = viewSubmission(world, person, submission);
  const reply = await deliveries.deliver('interactive', payload, as);
  const failure = failureOf(reply);
  if (failure !== undefined) return trouble(`The submission ${failure}`);
  return obey(workspace, view, reply.status === 'acknowledged' ? reply.payload : undefined);
}

function readState(
  blocks: readonly Block[],
  values: Values,
): { readonly state: Readonly<Record<string, Fields>> } | (SubmitOutcome & { readonly ok: false }) {
  try {
    const state = stateValues(blocks, values);
    const errors = refusedByClient(blocks, state);
    return Object.keys(errors).length > 0 ? { ok: false, errors } : { state };
  } catch (error) {
    if (error instanceof NotOffered) return problem(error.message);
    throw error;
  }
}

/** What Slack's client refuses before the app hears of it. */
function refusedByClient(
  blocks: readonly Block[],
  state: Readonly<Record<string, Fields>>,
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    const element = block['element'];
    const blockId = block.block_id ?? '';
    if (block.type !== 'input' || !isFields(element)) continue;
    const held = state[blockId]?.[String(element['action_id'])];
    const isLeftOut = !isFields(held) || isEmpty(held);
    if (isLeftOut) {
      if (block['optional'] !== true) errors[blockId] = 'Please complete this required field.';
      continue;
    }
    const sentence = typeof held['value'] === 'string' ? refuseTyped(element, held['value']) : undefined;
    if (sentence !== undefined) errors[blockId] = sentence;
  }
  return errors;
}

function refuseTyped(element: Fields, value: string): string | undefined {
  const { type, min_length: min, max_length: max, min_value: least, max_value: most } = element;
  const length = [...value].length;
  if (typeof min === 'number' && length < min) return `Please enter at least ${min} characters.`;
  if (length > (typeof max === 'number' ? max : 3_000))
    return `Please enter at most ${max ?? 3_000} characters.`;
  if (type !== 'number_input') return undefined;
  const number = Number(value);
  if (Number.isNaN(number)) return 'Please enter a number.';
  if (element['is_decimal_allowed'] !== true && !Number.isInteger(number))
    return 'Please enter a whole number.';
  if (least !== undefined && number < Number(least)) return `Please enter a number of at least ${least}.`;
  if (most !== undefined && number > Number(most)) return `Please enter a number of at most ${most}.`;
  return undefined;
}

function obey({ views }: Workspace, view: OpenView, payload: unknown): SubmitOutcome {
  if (!isFields(payload) || payload['response_action'] === undefined) {
    views.remove(view);
    return DONE;
  }
  const parsed = responseAction.safeParse(payload);
  if (!parsed.success) return trouble('The app answered with an unknown response_action.');
  const answer = parsed.data;
  switch (answer.response_action) {
    case 'errors': {
      const known = view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
      const stray = Object.keys(answer.errors).filter((blockId) => !known.includes(blockId));
      if (stray.length > 0) return trouble(`The app named inputs that are not there: ${stray.join(', ')}.`);
      return { ok: false, errors: answer.errors };
    }
    case 'clear':
      views.clear(view.person);
      return DONE;
    case 'update':
    case 'push': {
      const checked = checkView(answer.view, 'modal');
      if (!checked.ok) return trouble([checked.refusal.error, ...(checked.refusal.messages ?? [])].join(' '));
      if (answer.response_action === 'update') views.update(view, checked.view);
      else if (views.modalsOf(view.person).length < STACK_MAX) views.push(view.person, checked.view);
      else return trouble('push_limit_reached');
      return DONE;
    }
    default:
      return answer satisfies never;
  }
}

/** Slack's words over a modal whose app misbehaved, and in brackets what it did. */
function trouble(detail: string): SubmitOutcome {
  return problem(`We had some trouble connecting. Try again? (${detail})`);
}
