import { randomUUID } from 'node:crypto';
import type { As, Outcome } from '../page/api.ts';
import { appHomeOpened } from '../payloads.ts';
import type { Workspace } from '../workspace.ts';
import { directMessageOf, findPerson } from '../world.ts';
import { DONE, failureOf, problem } from './problem.ts';

/** The Home tab is opened; the app may answer by publishing it. */
export async function openHome(workspace: Workspace, { as }: As): Promise<Outcome> {
  const { world, views, deliveries, clock } = workspace;
  const person = findPerson(world, as);
  if (person === undefined) return problem(`There is nobody called ${as} here.`);
  const occurrence = { eventId: `Ev${randomUUID()}`, atMs: clock.nowMs() };
  const channel = directMessageOf(world, person);
  const payload = appHomeOpened(world, person, occurrence, channel, views.homeOf(as));
  const failure = failureOf(await deliveries.deliver('events_api', payload, as));
  return failure === undefined ? DONE : problem(`Home ${failure}`);
}
