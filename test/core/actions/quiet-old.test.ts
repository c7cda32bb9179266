import { expect, test } from 'vitest';
import { quietOld, signalFor } from '../../../src/core/actions/quiet-old.ts';
import { ListTally } from '../../../src/core/migration/list-contents.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import { Page } from '../../../src/core/sidekiq/page.ts';
import type { Process } from '../../../src/core/sidekiq/snapshot.ts';
import { aFleet, aPrivateList, aProcess, NOW_MS } from '../../snapshots.ts';
import { strandedSurvey } from '../migration/surveys.ts';

const SUPER: Partial<Process> = { fetch: { strategy: 'super_fetch', evidence: 'member' } };
const plan = (processes: readonly Process[]) =>
  quietOld.plan({}, { survey: strandedSurvey({ processes }) }, NOW_MS);
const refusalOf = (processes: readonly Process[]) => {
  const made = plan(processes);
  return 'type' in made ? `${made.code}: ${plainText(made.reason)}` : 'planned';
};

test('old processes may be quieted once a new one that lives serves each of their queues', () => {
  const old = aFleet(2);
  expect(refusalOf(old)).toContain(
    'queues_without_super_fetch: No living process with super_fetch takes jobs from critical, default, mailers',
  );
  const some = aProcess('new:1:a', { ...SUPER, queues: ['default', 'mailers'] });
  expect(refusalOf([...old, some])).toContain('takes jobs from critical: those jobs would wait');
  const quiet = aProcess('new:1:b', { ...SUPER, isQuiet: true });
  expect(refusalOf([...old, some, quiet])).toContain('queues_without_super_fetch');
  expect(plan([...old, some, aProcess('new:1:c', SUPER)])).toMatchObject({
    action: 'quiet-old',
    places: [{ count: 1 }, { count: 1 }],
    cap: 2,
  });
});

test('embedded ones are named and left, and those that are quiet or new are none of its business', () => {
  const fleet = [
    aProcess('old:1:a'),
    aProcess('old:1:b', { isEmbedded: true }),
    aProcess('old:1:c', { isQuiet: true }),
    aProcess('new:1:d', SUPER),
  ];
  const made = plan(fleet);
  if ('type' in made) throw new Error(made.code);
  expect(made.places).toEqual([{ name: 'old:1:a', count: 1 }]);
  expect(made.sideEffects.join()).toContain('old:1:b ignore signals');
  expect(refusalOf([aProcess('new:1:d', SUPER)])).toContain('no_old_process');
});

test('a process of Sidekiq 4 gets USR1 only where its own list proves it; one that may be as old is warned of', () => {
  const fetch = { strategy: 'reliable_fetch', evidence: 'list' } as const;
  const old = aProcess('worker-9:1:a', { fetch, version: '6.1.2 or earlier' });
  const list = aPrivateList({
    key: 'queue:default_worker-9_0',
    scheme: 'reliable_fetch',
    owner: 'worker-9 0',
    ownerState: 'alive',
  });
  const processes = [old, aProcess('new:1:b', SUPER)];
  const still = strandedSurvey({ processes, lists: [list] });
  expect(signalFor(old, still)).toBe('TSTP');
  const made = quietOld.plan({}, { survey: still }, NOW_MS);
  expect('type' in made ? [] : made.sideEffects).toEqual([
    expect.stringMatching(/^Unknown version: worker-9:1:a may be older/),
  ]);
  const tally = new ListTally(NOW_MS, new Set(['j1']));
  const payload = JSON.stringify({ class: 'MailJob', args: [], jid: 'j1', queue: 'default' });
  tally.add(Page.of([Buffer.from(payload)]));
  const working = strandedSurvey(
    { processes, lists: [list] },
    { contents: new Map([[list.key, tally.found()]]) },
  );
  expect(signalFor(old, working)).toBe('USR1');
  expect(signalFor(aProcess('plain:1:c'), working)).toBe('TSTP');
});
