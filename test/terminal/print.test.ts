import fc from 'fast-check';
import { expect, test } from 'vitest';
import { health } from '../../commands/health.ts';
import { COMMANDS } from '../../commands/index.ts';
import type { Answer, Table } from '../../src/core/reply/reply.ts';
import { refuse } from '../../src/core/reply/reply.ts';
import { bold, code, say } from '../../src/core/reply/text.ts';
import type { Observation } from '../../src/flow/command.ts';
import { widthOf } from '../../src/terminal/columns.ts';
import { printJson, printReply } from '../../src/terminal/print.ts';
import { incidentNight, quietNight } from '../core/health/nights.ts';
import { NO_PROPOSING } from '../no-records.ts';
import { aPolicy, NOW_MS } from '../snapshots.ts';

const PLAIN = { width: 80, hasColour: false };
const COLOUR = { width: 80, hasColour: true };

async function healthText(observation: Observation): Promise<string> {
  const sidekiq = {
    policy: aPolicy(),
    observe: () => Promise.resolve(observation),
    countBacklog: () => Promise.reject(new Error('not asked for')),
    findClass: () => Promise.reject(new Error('not asked for')),
    survey: () => Promise.reject(new Error('not asked for')),
    suspicion: () => Promise.reject(new Error('not asked for')),
  };
  const context = {
    sidekiqs: [sidekiq],
    commands: COMMANDS,
    typed: 'health',
    nowMs: NOW_MS,
    ...NO_PROPOSING,
  };
  return printReply(await health.run({ words: [], options: new Map() }, context), PLAIN);
}

function answer(parts: Answer['parts'], headline = say`Well.`): Answer {
  return { type: 'answer', tone: 'good', headline, parts, buttons: [], data: null };
}

function tableOf(columns: Table['columns'], rows: Table['rows']): Answer {
  return answer([{ type: 'table', table: { caption: 'A table', columns, rows } }]);
}

test('the incident reads in ten seconds', async () => {
  await expect(await healthText(incidentNight())).toMatchFileSnapshot('golden/incident.txt');
});

test('the quiet night reads in five', async () => {
  await expect(await healthText(quietNight())).toMatchFileSnapshot('golden/quiet-night.txt');
});

test('the incident names the class in its first two lines', async () => {
  const [first, second] = (await healthText(incidentNight())).split('\n');
  expect(`${first}\n${second}`).toContain('Recurring::DisasterJob');
});

test('names that try to command the terminal are shown, not obeyed', () => {
  const evil = 'Evil\u001b[2J\u001b]0;title\u0007Job\r\n\u009b31m\u202eback';
  const printed = printReply(
    answer(
      [
        { type: 'paragraph', text: say`${evil}` },
        { type: 'heading', text: evil },
        { type: 'list', items: [{ tone: 'bad', text: say`${code(evil)}` }] },
        { type: 'facts', facts: [{ label: evil, value: say`${bold(evil)}` }] },
        {
          type: 'table',
          table: { caption: evil, columns: [{ heading: evil, align: 'left' }], rows: [[evil]], more: evil },
        },
        {
          type: 'chart',
          chart: {
            type: 'line',
            title: evil,
            xLabel: '',
            yLabel: '',
            categories: [evil],
            series: [{ name: evil, values: [1] }],
          },
        },
        { type: 'note', text: [{ person: evil }] },
      ],
      say`${code(evil)}`,
    ),
    PLAIN,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this test looks for.
  expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(printed).toContain('Evil·[2J');
});

test('in colour, the only sequences are our own', () => {
  const printed = printReply(answer([], say`${code('A\u001b[2JJob')} is ${bold('very well')}.`), COLOUR);
  expect(printed).toBe('\u001b[32mok\u001b[0m \u001b[36mA·[2JJob\u001b[0m is \u001b[1mvery well\u001b[0m.');
});

test('JSON reads back exactly what was there, and cannot command the terminal either', () => {
  const data = { class: 'Evil\u001b[2J\u009b\u202e\u{e0041}Job', lines: 'a\nb' };
  const printed = printJson({ ...answer([]), data });
  expect(JSON.parse(printed)).toEqual(data);
  expect(printed).toMatch(/^[\n\u0020-\u007e]*$/);
});

test('a refusal says why and what to do, also as JSON', () => {
  const refusal = refuse('unknown_queue', say`No queue ${code('x')}.`, say`Try another.`, [
    { type: 'ask', label: 'All', command: 'backlog' },
  ]);
  expect(printReply(refusal, PLAIN)).toBe('No queue x.\n\nTry another.\n\nNext: backlog');
  expect(JSON.parse(printJson(refusal))).toEqual({
    refusal: { code: 'unknown_queue', reason: 'No queue x.', remedy: 'Try another.' },
  });
});

test('a table that is too wide shrinks its words and keeps its numbers', () => {
  const printed = printReply(
    tableOf(
      [
        { heading: 'Class', align: 'left' },
        { heading: 'Total', align: 'right' },
        { heading: 'Queues', align: 'left' },
      ],
      [['Accounting::Ledger::Reconciliation::MonthlyExportJob', '312,400', 'q'.repeat(60)]],
    ),
    PLAIN,
  );
  expect(printed.split('\n').every((line) => line.length <= 80)).toBe(true);
  expect(printed).toMatch(/^Accounting::Ledg…:MonthlyExportJob {2}312,400/m);
  expect(printed).toContain('312,400');
});

test('where figures leave no room for names, each name has a line of its own', () => {
  const columns = Array.from({ length: 9 }, (_, index) => ({
    heading: `Figure${index}`,
    align: 'right' as const,
  }));
  const printed = printReply(
    tableOf(
      [{ heading: 'Class', align: 'left' }, ...columns],
      [['Payroll::SyncEverythingJob', ...columns.map(() => '1')]],
    ),
    { width: 78, hasColour: false },
  );
  expect(printed).toMatch(/^Payroll::SyncEverythingJob\n {8}1 {8}1/m);
});

test('columns stand under each other also with wide letters', () => {
  const printed = printReply(
    tableOf(
      [
        { heading: 'Class', align: 'left' },
        { heading: 'Total', align: 'right' },
      ],
      [
        ['給与計算Job', '7'],
        ['Payroll', '12'],
      ],
    ),
    PLAIN,
  );
  const rows = printed.split('\n').filter((line) => /\d$/.test(line));
  expect(rows.map(widthOf)).toEqual([18, 18]);
});

test('a chart is a line of bars with its range', () => {
  const printed = printReply(
    answer([
      {
        type: 'chart',
        chart: {
          type: 'line',
          title: 'Waiting',
          xLabel: 'hour',
          yLabel: 'jobs',
          categories: ['00:00', '01:00', '02:00'],
          series: [{ name: 'default', values: [0, 50, 100] }],
        },
      },
    ]),
    PLAIN,
  );
  expect(printed).toContain('Waiting (00:00 to 02:00)\ndefault  ▁▅█  0 to 100');
});

test('no line of words is wider than the terminal, and no word is lost', () => {
  const words = fc.array(fc.stringMatching(/^[a-zA-Z:]{1,90}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 20, max: 120 }), (all, width) => {
      const printed = printReply(answer([{ type: 'paragraph', text: say`${all.join(' ')}` }]), {
        width,
        hasColour: false,
      });
      expect(printed.split('\n').filter((line) => widthOf(line) > width)).toEqual([]);
      const body = printed.replace('ok Well.', '');
      expect(body.replaceAll(/\s/g, '')).toBe(all.join(''));
    }),
  );
});
