import { assess, type Health } from '../core/health/assess.ts';
import type { Glance } from '../core/health/overview.ts';
import { RedisUnavailable } from '../ports/reading.ts';
import type { ObservedSidekiq } from './command.ts';

/** How a sidekiq is at this moment. @throws {RedisUnavailable} */
export async function healthOf(sidekiq: ObservedSidekiq): Promise<Health> {
  const { snapshot, samples, crashes, sameHour } = await sidekiq.observe();
  return assess(snapshot, samples, sidekiq.policy, crashes, sameHour);
}

/** One Redis that is down must not hide how the others are. Anything else that goes wrong is a bug, and is let through. */
export async function glanceAt(sidekiq: ObservedSidekiq): Promise<Glance> {
  const { name } = sidekiq.policy;
  try {
    return { type: 'read', sidekiq: name, health: await healthOf(sidekiq) };
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error;
    return { type: 'unread', sidekiq: name, sentence: error.message };
  }
}
