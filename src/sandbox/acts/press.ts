import { NotOffered, stateOf, stateValues } from '../element-state.ts';
import { findElement } from '../elements.ts';
import type { Fields } from '../fields.ts';
import type { Block, Outcome, Press } from '../page/api.ts';
import { messageAction, type Pressed, viewAction } from '../payloads.ts';
import { isSeenBy, type Posted } from '../posted.ts';
import type { OpenView } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import { findChannel, findPerson, type WorldPerson } from '../world.ts';
import { DONE, failureOf, problem } from './problem.ts';

/** A press on an element, as the blocks stand now: what an edit has taken away cannot be pressed any more. */
export async function press(workspace: Workspace, pressing: Press): Promise<Outcome> {
  const { world, messages, views } = workspace;
  const person = findPerson(world, pressing.as);
  if (person === undefined) return problem(`There is nobody called ${pressing.as} here.`);
  if (pressing.viewId !== undefined) {
    const view = views.find(pressing.viewId);
    if (view === undefined || view.person !== person.id) return problem('That view is not open any more.');
    return pressInView(workspace, pressing, person, view);
  }
  const message = messages.find(pressing.channel ?? '', pressing.ts ?? '');
  if (message === undefined || !isSeenBy(world, person.id, message)) {
    return problem(`${person.name} cannot see that message.`);
  }
  return pressInMessage(workspace, pressing, person, message);
}

async function pressInMessage(
  workspace: Workspace,
  pressing: Press,
  person: WorldPerson,
  message: Posted,
): Promise<Outcome> {
  const { world, messages, deliveries, responseUrls, origin } = workspace;
  const channel = findChannel(world, message.channel);
  const pressed = find(workspace, pressing, message.blocks);
  if (channel === undefined) return problem('That channel is gone.');
  if (!('element' in pressed)) return pressed;
  const url = responseUrls.issue(channel.id, person.id, message.ts);
  const payload = messageAction(world, person, {
    ...pressed,
    message,
    channel,
    responseUrl: `${origin}/response/${url.key}`,
  });
  const failure = failureOf(await deliveries.deliver('interactive', payload, person.id));
  if (failure !== undefined) {
    const label = labelOf(pressed.element);
    messages.sayAsSlack(channel.id, person.id, `${label} ${failure}`, message.threadTs);
  }
  return DONE;
}

async function pressInView(
  workspace: Workspace,
  pressing: Press,
  person: WorldPerson,
  view: OpenView,
): Promise<Outcome> {
  const pressed = find(workspace, pressing, view.blocks);
  if (!('element' in pressed)) return pressed;
  const payload = viewAction(workspace.world, person, { ...pressed, view });
  const failure = failureOf(await workspace.deliveries.deliver('interactive', payload, person.id));
  // A view has no channel to complain in: the page shows it where the press was.
  return failure === undefined ? DONE : problem(`${labelOf(pressed.element)} ${failure}`);
}

function find(
  { triggers, clock }: Workspace,
  { as, blockId, actionId, chosen, values = {} }: Press,
  blocks: readonly Block[],
): Pressed | (Outcome & { readonly ok: false }) {
  const placed = findElement(blocks, blockId, actionId);
  if (placed === undefined) return problem('That button is not there any more.');
  try {
    return {
      ...placed,
      element: choiceOfFeedback(placed.element, chosen),
      held: stateOf(placed.element, chosen),
      values: stateValues(blocks, values),
      atMs: clock.nowMs(),
      triggerId: triggers.issue(as),
    };
  } catch (error) {
    if (error instanceof NotOffered) return problem(error.message);
    throw error;
  }
}

/** Feedback buttons are one element with two faces; the press tells which by its value. */
function choiceOfFeedback(element: Fields, chosen: readonly string[] | undefined): Fields {
  return element['type'] === 'feedback_buttons' ? { ...element, value: chosen?.[0] ?? '' } : element;
}

function labelOf({ text, type }: Fields): string {
  const label = typeof text === 'object' && text !== null && 'text' in text ? text.text : type;
  return `"${String(label)}"`;
}
