import { expect, test } from 'vitest';
import { quietOld } from '../../../src/core/actions/quiet-old.ts';
import { plainText } from '../../../src/core/reply/text.ts';
import type { Process } from '../../../src/core/sidekiq/snapshot.ts';
import { aFleet, aProcess, NOW_MS } from '../../snapshots.ts';
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
