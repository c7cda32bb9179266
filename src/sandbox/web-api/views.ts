import { z } from 'zod';
import { checkView, type ViewBody } from '../validate/view.ts';
import { type OpenView, STACK_MAX, viewForApi } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import { findPerson } from '../world.ts';
import { method, Refused } from './method.ts';

const triggered = z.looseObject({ trigger_id: z.string(), view: z.unknown() });

const open = method('views.open', {
  args: triggered,
  answer: (args, workspace) => {
    const body = bodyOf(workspace, args.view, 'modal');
    if (body instanceof Refused) return body;
    const trigger = workspace.triggers.use(args.trigger_id);
    if (!trigger.ok) return new Refused(trigger.error);
    return { view: viewForApi(workspace.world, workspace.views.open(trigger.person, body)) };
  },
});

const push = method('views.push', {
  args: triggered,
  answer: (args, workspace) => {
    const { triggers, views, world } = workspace;
    const body = bodyOf(workspace, args.view, 'modal');
    if (body instanceof Refused) return body;
    const trigger = triggers.check(args.trigger_id);
    if (!trigger.ok) return new Refused(trigger.error);
    const depth = views.modalsOf(trigger.person).length;
    if (depth >= STACK_MAX) return new Refused('push_limit_reached');
    // There is nothing to push on: the trigger did not come from an open modal.
    if (depth === 0) return new Refused('invalid_trigger_id');
    triggers.use(args.trigger_id);
    return { view: viewForApi(world, views.push(trigger.person, body)) };
  },
});

const update = method('views.update', {
  args: z.looseObject({
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
    view: z.unknown(),
  }),
  answer: (args, workspace) => {
    const { views, world } = workspace;
    const found =
      args.view_id === undefined ? views.findExternal(args.external_id ?? '') : views.find(args.view_id);
    if (found === undefined) return new Refused('not_found');
    if (args.hash !== undefined && args.hash !== found.hash) return new Refused('hash_conflict');
    const body = bodyOf(workspace, args.view, found.body.type, found);
    if (body instanceof Refused) return body;
    return { view: viewForApi(world, views.update(found, body)) };
  },
});

const publish = method('views.publish', {
  args: z.looseObject({ user_id: z.string(), hash: z.string().optional(), view: z.unknown() }),
  answer: (args, workspace) => {
    const { views, world } = workspace;
    if (findPerson(world, args.user_id) === undefined) return new Refused('user_not_found');
    const before = views.homeOf(args.user_id);
    if (args.hash !== undefined && before !== undefined && args.hash !== before.hash) {
      return new Refused('hash_conflict');
    }
    const body = bodyOf(workspace, args.view, 'home', before);
    if (body instanceof Refused) return body;
    return { view: viewForApi(world, views.publish(args.user_id, body)) };
  },
});

export const VIEW_METHODS = [open, push, update, publish];

function bodyOf(
  { views }: Workspace,
  given: unknown,
  type: 'modal' | 'home',
  replaced?: OpenView,
): ViewBody | Refused {
  const checked = checkView(given, type);
  if (!checked.ok) return new Refused(checked.refusal.error, checked.refusal.messages);
  const namesake = views.findExternal(checked.view.external_id ?? '');
  const isTaken = namesake !== undefined && namesake.id !== replaced?.id;
  return isTaken ? new Refused('duplicate_external_id') : checked.view;
}
