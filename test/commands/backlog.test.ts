import { expect, test } from 'vitest';
import { backlog } from '../../commands/backlog.ts';
import { plainText } from '../../src/core/reply/text.ts';
import { printReply } from '../../src/terminal/print.ts';
import { quietNight } from '../core/health/nights.ts';
import { aBacklog, aClass, aContext, answered, aSidekiq, asked, refused, typed } from './readings.ts';

const PAGE = { width: 80, hasColour: false };

async function ask(counted = aBacklog(), ...words: readonly string[]) {
  const sidekiq = aSidekiq(quietNight(), counted);
  const reply = await backlog.run(typed(...words), aContext([sidekiq], ['backlog', ...words].join(' ')));
  return { reply, requests: sidekiq.requests };
}

test('it says how much waits and which class most of it is', async () => {
  const { reply } = await ask();
  expect(plainText(answered(reply).headline)).toBe(
    'payroll: 100 jobs wait; 90 % of them are Payroll::SyncJob.',
  );
});

test('every place where a class hides is a column, and empty places are left out', async () => {
  const pill = aClass('DisasterJob', 130, { inQueues: 25, inPrivateLists: 100, inRetrySet: 5, running: 25 });
  const { reply } = await ask(aBacklog({ classes: [pill] }));
  const [part] = answered(reply).parts;
  expect(part).toMatchObject({
    type: 'table',
    table: {
      columns: ['Class', 'Total', 'Share', 'Queued', 'Retry', 'Private', 'Running', 'Oldest', 'Queues'].map(
        (heading) => ({
          heading,
        }),
      ),
      rows: [['DisasterJob', '130', '100 %', '25', '5', '100', '25', '1 h', 'default']],
    },
  });
});

test('the class that runs most is named, although others wait more', async () => {
  const pill = aClass('DisasterJob', 63, { running: 25 });
  const { reply } = await ask(
    aBacklog({ classes: [aClass('Payroll::SyncJob', 80_000, { running: 1 }), pill] }),
  );
  expect(printReply(reply, PAGE)).toContain('Most busy threads run DisasterJob: 25 threads.');
});

test('when the time ran out, every number is "at least"', async () => {
  const { reply } = await ask(aBacklog({ isExact: false, readCount: 100, knownCount: 9_000_000 }));
  const words = printReply(reply, PAGE);
  expect(words).toContain('payroll: at least 100 jobs wait');
  expect(words.replaceAll('\n', ' ')).toContain(
    'Time ran out after 100 of 9,000,000: every number is "at least".',
  );
  expect(answered(reply).data).toMatchObject({ isExact: false, readCount: 100, knownCount: 9_000_000 });
});

test('before all private lists are found, every number is "at least" for that reason', async () => {
  const { reply } = await ask(aBacklog({ isExact: false }));
  expect(printReply(reply, PAGE)).toContain('The search for private lists is still under way');
});

test('jobs of classes too many to remember are part of the whole', async () => {
  const { reply } = await ask(aBacklog({ ofOtherClasses: 100 }));
  expect(plainText(answered(reply).headline)).toBe(
    'payroll: 200 jobs wait; 45 % of them are Payroll::SyncJob.',
  );
  expect(printReply(reply, PAGE)).toContain('100 jobs of still more classes are not listed.');
});

test('one queue is counted alone', async () => {
  const { reply, requests } = await ask(aBacklog(), 'default');
  expect(requests).toMatchObject([{ queue: 'default' }]);
  expect(plainText(answered(reply).headline)).toContain('wait in default;');
});

test('a queue that is empty now, but that workers serve, is no mistake', async () => {
  const { reply } = await ask(aBacklog({ classes: [] }), 'critical');
  expect(plainText(answered(reply).headline)).toBe('payroll: nothing waits in critical.');
});

test('an unknown queue is refused with the nearest names, before anything is counted', async () => {
  const { reply, requests } = await ask(aBacklog(), 'defualt');
  expect(refused(reply).code).toBe('unknown_queue');
  expect(plainText(refused(reply).remedy)).toContain('Did you mean default?');
  expect(asked(reply)).toEqual(['backlog default on payroll', 'backlog on payroll']);
  expect(requests).toEqual([]);
});

test('what is no job is counted apart, and its share of the whole is kept right', async () => {
  const { reply } = await ask(aBacklog({ classes: [aClass('MailJob', 50)], notJobs: 50 }));
  expect(plainText(answered(reply).headline)).toBe('payroll: 100 jobs wait; 50 % of them are MailJob.');
  expect(printReply(reply, PAGE)).toContain('50 entries are no job at all.');
});

test('many classes are cut to a screen, and the rest is counted', async () => {
  const classes = Array.from({ length: 40 }, (_, index) => aClass(`Job${index}`, 100 - index));
  const { reply } = await ask(aBacklog({ classes }));
  expect(printReply(reply, PAGE)).toContain('and 25 more classes with 1,825 jobs');
  expect(answered(reply).data).toMatchObject({ classes: { length: 40 } });
});
