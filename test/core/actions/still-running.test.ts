import { expect, test } from 'vitest';
import { fromPrivateLists, stillRunning } from '../../../src/core/actions/still-running.ts';
import { aProcess, aSnapshot, worksOf } from '../../snapshots.ts';

const MAIL = 'ActionMailer::MailDeliveryJob';
const [works, mail] = [worksOf([aProcess('w:1:a')], 'BadJob'), worksOf([aProcess('w:1:a')], MAIL)];
const forbidden = { code: 'forbidden', where: 'w:1:a:work', sentence: 'It may not be read.' } as const;

test.each([
  ['BadJob', [], aSnapshot({ works }), '5 threads still ran it when we stopped looking.'],
  ['BadJob', ['default'], aSnapshot({ works }), '5 threads still ran it when we stopped looking.'],
  [
    'BadJob',
    [],
    aSnapshot({ works, processes: [aProcess('w:1:a', { state: 'dead' })] }),
    '0 threads still ran it when we stopped looking.',
  ],
  [
    'BadJob',
    [],
    aSnapshot({ works, processes: [aProcess('w:1:a', { state: 'silent' })] }),
    '0 threads still ran it when we stopped looking, and 5 more by the last word of processes that have gone silent.',
  ],
  [
    'PayslipMailer#monthly',
    [],
    aSnapshot({ works: mail, processes: [aProcess('w:1:a', { state: 'silent' })] }),
    '0 threads still ran mail when we stopped looking, and 5 more by the last word of processes that have gone silent; whether it was this mail could not be seen.',
  ],
  ['BadJob', ['low'], aSnapshot({ works }), '0 threads still ran it when we stopped looking.'],
  [
    'BadJob',
    [],
    aSnapshot({ works, faults: [forbidden] }),
    'At least 5 threads still ran it when we stopped looking.',
  ],
  [
    'BadJob',
    [],
    aSnapshot({ faults: [forbidden] }),
    'How many threads still ran it when we stopped looking could not be seen.',
  ],
  ['BadJob', [], undefined, 'How many threads still ran it when we stopped looking could not be seen.'],
  [
    'PayslipMailer#monthly',
    [],
    aSnapshot({ works: mail }),
    '5 threads still ran mail when we stopped looking; whether it was this mail could not be seen.',
  ],
  ['PayslipMailer#monthly', [], aSnapshot({ works }), '0 threads still ran it when we stopped looking.'],
])('of %s in %j it says what Redis tells of running threads', (jobClass, queues, snapshot, said) => {
  expect(stillRunning({ jobClass, queues }, snapshot)).toBe(said);
});

const LIVES = 'they may finish although they are archived.';
test.each([
  [
    'queue:sq|host1:7:aaaaaaaaaaaa|default',
    `2 were in private lists, 2 of them of workers that live; ${LIVES}`,
  ],
  ['queue:sq|host1:7:bbbbbbbbbbbb|default', '2 were in private lists of workers that are gone.'],
  [
    'working:queue:default:host1:7:0123456789ab',
    `2 were in private lists, 2 of them of workers that live; ${LIVES}`,
  ],
  ['working:queue:default:host1:8:0123456789ab', '2 were in private lists of workers that are gone.'],
  ['queue:default_host1_0', `2 were in private lists, 2 of them of workers that live; ${LIVES}`],
  ['queue:default_host2_0', '2 were in private lists of workers that are gone.'],
])('of %s it says whether a worker may finish what was taken from it', (key, said) => {
  const process = aProcess('host1:7:aaaaaaaaaaaa', { pid: 7 });
  const dead = aProcess('host2:7:aaaaaaaaaaaa', { pid: 7, state: 'dead' });
  const totals = [
    { place: { kind: 'private_list', key, queue: 'default' }, archived: 2 },
    { place: { kind: 'queue', queue: 'default' }, archived: 5 },
  ] as const;
  expect(fromPrivateLists(totals, [dead, process])).toBe(said);
  expect(fromPrivateLists(totals.slice(1), [process])).toBeUndefined();
});
