import { expect, test } from 'vitest';
import { stillRunning } from '../../../src/core/actions/still-running.ts';
import { aProcess, aSnapshot, worksOf } from '../../snapshots.ts';

const MAIL = 'ActionMailer::MailDeliveryJob';
const [works, mail] = [worksOf([aProcess('w:1:a')], 'BadJob'), worksOf([aProcess('w:1:a')], MAIL)];
const forbidden = { code: 'forbidden', where: 'w:1:a:work', sentence: 'It may not be read.' } as const;

test.each([
  ['BadJob', [], aSnapshot({ works }), '5 threads still ran it when we stopped looking.'],
  ['BadJob', ['default'], aSnapshot({ works }), '5 threads still ran it when we stopped looking.'],
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
