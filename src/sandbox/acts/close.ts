import type { Close, Outcome } from '../page/api.ts';
import { viewClosed } from '../payloads.ts';
import type { Workspace } from '../workspace.ts';
import { findPerson } from '../world.ts';
import { DONE, problem } from './problem.ts';

/** A modal is closed without submitting; the app hears of it if it asked to. */
export async function close(workspace: Workspace, { as, viewId }: Close): Promise<Outcome> {
  const { world, views, deliveries } = workspace;
  const person = findPerson(world, as);
  const stack = views.modalsOf(as);
  const top = stack.at(-1);
  if (person === undefined) return problem(`There is nobody called ${as} here.`);
  if (top?.id !== viewId) return problem('That modal is not on top any more.');
  const isCleared = top.body.type === 'modal' && top.body.clear_on_close === true;
  const closed = isCleared ? stack : [top];
  if (isCleared) views.clear(as);
  else views.remove(top);
  for (const view of closed) {
    if (view.body.type !== 'modal' || view.body.notify_on_close !== true) continue;
    await deliveries.deliver('interactive', viewClosed(world, person, view, isCleared), as);
  }
  return DONE;
}
