import type { Person } from '../core/people.ts';
import type { SidekiqPolicy } from '../core/policy.ts';
import type { Directory } from '../ports/chat.ts';

/**
 * Where no channel says what may be shown, as on Home: a sidekiq that may be asked about anywhere, or in a channel where
 * this person can read along. The person was admitted before.
 */
export async function mayBeSeenBy(
  person: Person,
  { channels }: Pick<SidekiqPolicy, 'channels'>,
  directory: Pick<Directory, 'mayRead'>,
): Promise<boolean> {
  if (channels.length === 0) return true;
  const answers = await Promise.all(channels.map((channel) => directory.mayRead(person.id, channel)));
  return answers.includes(true);
}

/** Those that may be seen, in their order. */
export async function inSight<Seen extends { readonly policy: SidekiqPolicy }>(
  sidekiqs: readonly Seen[],
  mayBeSeen: (policy: SidekiqPolicy) => Promise<boolean>,
): Promise<readonly Seen[]> {
  const answers = await Promise.all(sidekiqs.map(({ policy }) => mayBeSeen(policy)));
  return sidekiqs.filter((_, index) => answers[index]);
}
