import { ListTally } from '../../../src/core/migration/list-contents.ts';
import { type Seen, type Survey, surveyFrom } from '../../../src/core/migration/survey.ts';
import { Page } from '../../../src/core/sidekiq/page.ts';
import type { PrivateList, Snapshot } from '../../../src/core/sidekiq/snapshot.ts';
import { aPrivateList, aSnapshot, NOW_MS } from '../../snapshots.ts';

/** Five innocent jobs and two of the disaster, some older than a week. */
const PAYLOADS = [0, 1, 2, 3, 9, 10, 11].map((days, index) =>
  Buffer.from(
    JSON.stringify({
      class: index < 2 ? 'Recurring::DisasterJob' : 'PayrollRunJob',
      args: [index],
      jid: `jid${index}`,
      queue: 'default',
      created_at: NOW_MS - days * 86_400_000,
      ...(index === 3 ? { bid: 'b1', unique_for: 60 } : {}),
    }),
  ),
);

/** One list of a dead super_fetch process, and whatever the test changes. */
export function strandedSurvey(
  { lists, ...snapshot }: Partial<Snapshot> & { lists?: readonly PrivateList[] } = {},
  overrides: Partial<Seen> = {},
): Survey {
  const privateLists = lists ?? [aPrivateList({ size: PAYLOADS.length })];
  const tally = new ListTally(NOW_MS, new Set());
  tally.add(Page.of(PAYLOADS));
  return surveyFrom({
    snapshot: aSnapshot({ privateLists, ...snapshot }),
    contents: new Map(privateLists.map(({ key }) => [key, tally.found()])),
    stillness: new Map(),
    watchedSinceMs: NOW_MS,
    suspects: ['Recurring::DisasterJob'],
    tookMs: 12,
    ...overrides,
  });
}
