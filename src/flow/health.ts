import { assess, type Health } from '../core/health/assess.ts';
import type { ObservedSidekiq } from './command.ts';

/** How a sidekiq is at this moment. @throws {RedisUnavailable} */
export async function healthOf(sidekiq: ObservedSidekiq): Promise<Health> {
  const { snapshot, samples, crashes, sameHour } = await sidekiq.observe();
  return assess(snapshot, samples, sidekiq.policy, crashes, sameHour);
}
