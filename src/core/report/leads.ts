import type { Button } from '../reply/reply.ts';
import type { Report } from './report.ts';

/** What to press next: what is wrong now, and who is to blame where somebody died. */
export function reportLeads({ morning: { policy, now } }: Report): readonly Button[] {
  const hasCrashes = 'account' in now && now.account.crashes.length > 0;
  const names = hasCrashes ? ['Health', 'Suspects'] : ['Health', 'Backlog'];
  return names.map((label) => ({
    type: 'ask',
    label,
    command: `${label.toLowerCase()} on ${policy.name}`,
  }));
}
