import { encodeCanonical } from './canonical.ts';
import { type Plan, plannedCount } from './plan.ts';

/**
 * What changed between the plan that people approved and the same plan made again just before the deed. Less than
 * approved is fine: a worker was faster. More, or different in kind, goes back to the people with these sentences.
 */
export type Drift = 'same or less' | readonly string[];

/** What any action must not do unseen; an action adds its own conditions to it. */
export function driftOf(approved: Plan, fresh: Plan): Drift {
  const differences = [...inKind(approved, fresh), ...inSize(approved, fresh)];
  return differences.length === 0 ? 'same or less' : differences;
}

/**
 * The same where numbers within a side effect change all the time: only a new kind of them counts. Each begins with its kind
 * and a colon.
 */
export function driftOfKinds(approved: Plan, fresh: Plan): Drift {
  const agreed = new Set(approved.sideEffects.map(kindOf));
  const sideEffects = fresh.sideEffects.filter((effect) => !agreed.has(kindOf(effect)));
  return driftOf(approved, { ...fresh, sideEffects });
}

function kindOf(effect: string): string {
  return effect.split(':', 1)[0] ?? effect;
}

function inKind(approved: Plan, fresh: Plan): string[] {
  const differences: string[] = [];
  for (const [what, before, now] of [
    ['The action', approved.action, fresh.action],
    ['The sidekiq', approved.sidekiq, fresh.sidekiq],
    ['The target', approved.target, fresh.target],
    ['The job class', approved.jobClass ?? 'none', fresh.jobClass ?? 'none'],
    ['The way it can be undone', approved.undo, fresh.undo],
  ] as const) {
    if (before !== now) differences.push(`${what} was ${before} and is now ${now}.`);
  }
  if (encodeCanonical(approved.parameters) !== encodeCanonical(fresh.parameters)) {
    differences.push('What was asked for is no longer the same.');
  }
  const agreed = new Set(approved.sideEffects);
  for (const effect of fresh.sideEffects) {
    if (!agreed.has(effect)) differences.push(`New: ${effect}`);
  }
  return differences;
}

function inSize(approved: Plan, fresh: Plan): string[] {
  const differences: string[] = [];
  const known = new Set(approved.places.map((place) => place.name));
  for (const place of fresh.places) {
    if (!known.has(place.name) && place.count > 0) {
      differences.push(`${place.name} was not in the plan and now holds ${place.count}.`);
    }
  }
  const count = plannedCount(fresh);
  if (count > approved.cap) {
    differences.push(`${count} would be affected, more than the ${approved.cap} that were agreed at most.`);
  }
  if (fresh.cap > approved.cap) {
    differences.push(`The limit was ${approved.cap} and is now ${fresh.cap}.`);
  }
  const isLater =
    approved.cutOffMs !== null && (fresh.cutOffMs === null || fresh.cutOffMs > approved.cutOffMs);
  if (isLater) differences.push('It would take jobs that were created after the time that was agreed.');
  return differences;
}
