import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Answer, Button, Chart, Part, Reply, Table } from '../../../src/core/reply/reply.ts';
import { refuse } from '../../../src/core/reply/reply.ts';
import { at, bold, code, person, say, type Text } from '../../../src/core/reply/text.ts';
import { checkMessageBlocks } from '../../../src/sandbox/validate/message.ts';
import { faultsOf, LIMITS } from '../../../src/slack/limits.ts';
import { freezeAnswer, thawAnswer } from '../../../src/slack/remembered.ts';
import { section } from '../../../src/slack/render/parts.ts';
import { type Drawing, type Message, renderReply } from '../../../src/slack/render/reply.ts';
import { anyReply } from './any-reply.ts';

const TO_ONE: Drawing = { hasCharts: true, share: { answer: 'a1', command: 'health' } };

function answer(
  parts: readonly Part[],
  buttons: readonly Button[] = [],
  headline = say`All is well`,
): Answer {
  return { type: 'answer', tone: 'good', headline, parts, buttons, data: null };
}

const draw = (parts: readonly Part[], drawing = TO_ONE): Message => renderReply(answer(parts), drawing);

function firstOf(message: Message, type: string): Record<string, unknown> {
  const block = message.blocks.find((candidate) => candidate.type === type);
  if (block === undefined) throw new Error(`no ${type} in ${JSON.stringify(message.blocks)}`);
  return { ...block };
}

const words = (message: Message): string => JSON.stringify(message.blocks);

test('the verdict stands first and largest, with its colour as a sign', () => {
  const message = renderReply(
    {
      ...answer([]),
      tone: 'bad',
      headline: say`${bold('25 of 25')} threads run ${code('Recurring::DisasterJob')}`,
    },
    TO_ONE,
  );
  expect(message.blocks[0]).toEqual({
    type: 'header',
    text: { type: 'plain_text', text: '🔴 25 of 25 threads run Recurring::DisasterJob', emoji: true },
  });
  expect(message.text).toBe('🔴 25 of 25 threads run Recurring::DisasterJob');
});

test('a class name is no emoji, not even in a header', () => {
  const { blocks } = renderReply(answer([], [], say`${code('a::bomb::c')} waits`), TO_ONE);
  expect(blocks[0]).toMatchObject({ type: 'header', text: { emoji: false } });
});

test('a headline too long for a header, or with a time in it, is shown in full as words', () => {
  expect(draw([]).blocks[0]?.type).toBe('header');
  const long = renderReply(answer([], [], say`${'long '.repeat(60)}end`), TO_ONE);
  expect(long.blocks[0]?.type).toBe('section');
  expect(words(long)).toContain('long end');
  expect(renderReply(answer([], [], say`Since ${at(0)}`), TO_ONE).blocks[0]?.type).toBe('section');
});

test('foreign words can neither ping, link, format nor end their backticks', () => {
  const hostile = 'Evil`<!channel> & <https://x|y>\n*Job*';
  const message = draw([
    { type: 'paragraph', text: say`${code(hostile)} and ${hostile} and ${bold(hostile)}` },
  ]);
  expect(firstOf(message, 'section')['text']).toEqual({
    type: 'mrkdwn',
    text:
      '`Evil &lt;!channel&gt; &amp; &lt;https://x|y&gt; *Job*`' +
      " and Evil'&lt;!channel&gt; &amp; &lt;https://x|y&gt;\n*Job*" +
      ' and *Evil &lt;!channel&gt; &amp; &lt;https://x|y&gt;  Job*',
    verbatim: true,
  });
  expect(message.text).not.toContain('<!');
});

test('times are shown in the reader’s zone, and in UTC where Slack reads them aloud', () => {
  const message = draw([{ type: 'note', text: say`Read ${at(Date.UTC(2026, 0, 2, 3, 4))}` }]);
  expect(words(message)).toContain('<!date^1767323040^{date_short_pretty} {time}|2026-01-02 03:04 UTC>');
  expect(message.text).toContain('Read 2026-01-02 03:04 UTC');
});

test('people are mentioned by id, and what is no id stays words', () => {
  const message = draw([{ type: 'paragraph', text: say`${person('U0ANN')} and ${person('!channel')}` }]);
  expect(words(message)).toContain('<@U0ANN> and !channel');
});

test('direction and control characters are taken out of names', () => {
  const message = draw([{ type: 'paragraph', text: say`${code('a\u202eb\u0000c')}` }]);
  expect(words(message)).toContain('`ab c`');
});

const CLASSES: Table = {
  caption: 'Waiting by class',
  columns: [
    { heading: 'Class', align: 'left' },
    { heading: 'Jobs', align: 'right' },
  ],
  rows: [
    ['Recurring::DisasterJob', '312,000'],
    ['', '4'],
  ],
  more: 'and 38 more classes',
};

test('a table is drawn with right-aligned figures, no empty cell, and what was left out below', () => {
  const message = draw([{ type: 'table', table: CLASSES }]);
  expect(firstOf(message, 'table')).toEqual({
    type: 'table',
    rows: [
      [
        { type: 'raw_text', text: 'Class' },
        { type: 'raw_text', text: 'Jobs' },
      ],
      [
        { type: 'raw_text', text: 'Recurring::DisasterJob' },
        { type: 'raw_text', text: '312,000' },
      ],
      [
        { type: 'raw_text', text: '–' },
        { type: 'raw_text', text: '4' },
      ],
    ],
    column_settings: [
      { align: 'left', is_wrapped: false },
      { align: 'right', is_wrapped: false },
    ],
  });
  expect(firstOf(message, 'context')).toMatchObject({ elements: [{ text: 'and 38 more classes' }] });
  expect(message.text).toContain('Waiting by class:\nClass Recurring::DisasterJob, Jobs 312,000');
  expect(message.text).toContain('and 38 more classes');
});

test('a column is broken into lines when it holds a sentence, and not for a class name', () => {
  const rows = [
    [
      'Payroll::Recurring::NightlyDisasterJob',
      'killed for memory while it was computing the payroll of March',
    ],
  ];
  const { column_settings: columns } = firstOf(
    draw([{ type: 'table', table: { ...CLASSES, rows } }]),
    'table',
  );
  expect(columns).toMatchObject([{ is_wrapped: false }, { is_wrapped: true }]);
});

test('a table that is too long loses rows, and says how many', () => {
  const rows = Array.from({ length: 500 }, (_, nth) => [`Class${nth}`.padEnd(60, 'x'), String(nth)]);
  const message = draw([{ type: 'table', table: { ...CLASSES, rows } }]);
  const block = message.blocks.find((candidate) => candidate.type === 'table');
  if (block?.type !== 'table') throw new Error('no table');
  const shown = block.rows.length - 1;
  expect(shown).toBeGreaterThan(20);
  expect(words(message)).toContain(
    `and ${500 - shown} more rows, too many for one message; and 38 more classes`,
  );
});

test('the second table of a message is left out, with its name', () => {
  const message = draw([
    { type: 'table', table: CLASSES },
    { type: 'table', table: { ...CLASSES, caption: 'Retries' } },
  ]);
  expect(message.blocks.filter(({ type }) => type === 'table')).toHaveLength(1);
  expect(words(message)).toContain('Left out, because it is too long for one message: the table “Retries”.');
});

const BACKLOG: Chart = {
  type: 'line',
  title: 'Waiting',
  xLabel: 'minute',
  yLabel: 'jobs',
  categories: ['01:00', '01:01', '01:02'],
  series: [{ name: 'all queues', values: [40, 1000, 312_000] }],
};

test('a chart is drawn by Slack, and stands as a line of bars in the words', () => {
  const message = draw([{ type: 'chart', chart: BACKLOG }]);
  expect(firstOf(message, 'data_visualization')).toEqual({
    type: 'data_visualization',
    title: 'Waiting',
    chart: {
      type: 'line',
      series: [
        {
          name: 'all queues',
          data: [
            { label: '01:00', value: 40 },
            { label: '01:01', value: 1000 },
            { label: '01:02', value: 312_000 },
          ],
        },
      ],
      axis_config: { categories: ['01:00', '01:01', '01:02'], x_label: 'minute', y_label: 'jobs' },
    },
  });
  expect(message.text).toContain('Waiting\nall queues ▁▁█ 40 → 312 k');
});

test('where Slack takes no charts, or the figures have a gap, the line of bars stands in its place', () => {
  const without = draw([{ type: 'chart', chart: BACKLOG }], { ...TO_ONE, hasCharts: false });
  expect(words(without)).not.toContain('data_visualization');
  expect(firstOf(without, 'context')).toMatchObject({
    elements: [{ text: 'Waiting\nall queues ▁▁█ 40 → 312 k' }],
  });
  const gap = { ...BACKLOG, series: [{ name: 'all queues', values: [40, Number.NaN, 60] }] };
  expect(words(draw([{ type: 'chart', chart: gap }]))).not.toContain('data_visualization');
});

test('a chart of many points keeps twenty of them, with distinct labels, the last among them', () => {
  const many: Chart = {
    ...BACKLOG,
    categories: Array.from({ length: 100 }, (_, nth) => `a label of the same beginning ${nth}`),
    series: [{ name: 's', values: Array.from({ length: 100 }, (_, nth) => nth) }],
  };
  const { chart } = firstOf(draw([{ type: 'chart', chart: many }]), 'data_visualization') as unknown as {
    chart: { series: { data: { label: string; value: number }[] }[]; axis_config: { categories: string[] } };
  };
  expect(new Set(chart.axis_config.categories).size).toBe(20);
  expect(chart.series[0]?.data.at(0)?.value).toBe(0);
  expect(chart.series[0]?.data.at(-1)?.value).toBe(99);
});

test('a list that is too long ends with how many more there are', () => {
  const items = Array.from({ length: 200 }, () => ({
    tone: 'warning' as const,
    text: say`${'x'.repeat(50)}`,
  }));
  expect(words(draw([{ type: 'list', items }]))).toMatch(/… and \d+ more"/);
});

test('more facts than one section holds go on in the next', () => {
  const facts = Array.from({ length: 12 }, (_, nth) => ({ label: `L${nth}`, value: say`${nth}` }));
  const sections = draw([{ type: 'facts', facts }]).blocks.filter(({ type }) => type === 'section');
  expect(sections.map((block) => (block.type === 'section' ? block.fields?.length : 0))).toEqual([10, 2]);
});

test('what does not fit in one message is named, and smaller parts behind it still stand', () => {
  const long: Part = { type: 'paragraph', text: say`${'y'.repeat(3000)}` };
  const message = draw([long, long, long, long, long, { type: 'note', text: say`the small print` }]);
  expect(words(message)).toContain(
    'Left out, because it is too long for one message: a paragraph, a paragraph.',
  );
  expect(words(message)).toContain('the small print');
});

test('an empty reply is still a message that Slack takes', () => {
  const message = renderReply(
    answer(
      [
        { type: 'paragraph', text: [] },
        { type: 'heading', text: '' },
        { type: 'list', items: [] },
        { type: 'facts', facts: [] },
        { type: 'note', text: say` ` },
      ],
      [],
      [],
    ),
    TO_ONE,
  );
  expect(message.blocks).toHaveLength(1);
  expect(message.text).toBe('🟢 ');
});

const BUTTONS: readonly Button[] = [
  { type: 'ask', label: 'Backlog', command: 'backlog' },
  { type: 'ask', label: 'Suspects', command: 'suspects on payroll' },
  { type: 'refresh', command: 'health' },
  { type: 'share' },
];

test('buttons carry the command that they run, each by a name of its own', () => {
  const { elements } = firstOf(renderReply(answer([], BUTTONS), TO_ONE), 'actions');
  expect(elements).toMatchObject([
    { action_id: 'ask:0', value: 'backlog', text: { text: 'Backlog' } },
    { action_id: 'ask:1', value: 'suspects on payroll' },
    { action_id: 'refresh', value: 'health', text: { text: 'Refresh' } },
    { action_id: 'share', value: '{"answer":"a1","command":"health"}', text: { text: 'Share' } },
  ]);
});

test('a button whose command is too long to carry is not drawn: cut, it would run another', () => {
  const long: Button = { type: 'ask', label: 'Long', command: `backlog ${'q'.repeat(2000)}` };
  expect(renderReply(answer([], [long]), TO_ONE).blocks.map(({ type }) => type)).toEqual(['header']);
});

test('a shared answer says by whom and of when, and can be neither refreshed nor shared again', () => {
  const message = renderReply(answer([], BUTTONS), {
    hasCharts: true,
    shared: { by: 'U0ANN', answeredAtMs: Date.UTC(2026, 0, 2, 3, 4) },
  });
  expect(message.blocks[0]).toMatchObject({ type: 'context' });
  expect(words(message)).toContain('Shared by <@U0ANN>, as it was <!date^');
  expect(message.text).toContain('Shared by <@U0ANN>, as it was 2026-01-02 03:04 UTC\n🟢 All is well');
  expect(firstOf(message, 'actions')['elements']).toHaveLength(2);
});

test('a refusal gives its reason and what to do', () => {
  const message = renderReply(refuse('guest', say`You are a guest.`, say`Ask ${code('Ann')}.`), TO_ONE);
  expect(message.text).toBe('You are a guest.\nAsk Ann.');
  expect(words(message)).toContain('ℹ️ You are a guest.');
  expect(words(message)).toContain('Ask `Ann`.');
});

/** What Slack would draw as something other than words, in a mrkdwn text. */
const LIVE = /<(?!@[UW][A-Z0-9]+>|!date\^\d+\^[^<>]*>)/;

test('any reply whatever is drawn within Slack’s limits, without pings, links or halves of characters', () => {
  fc.assert(
    fc.property(anyReply, fc.boolean(), (reply, hasCharts) => {
      const message = renderReply(reply, { ...TO_ONE, hasCharts });
      expect(faultsOf(message.blocks)).toEqual([]);
      expect(checkMessageBlocks(message.blocks)).toMatchObject({ ok: true });
      expect(message.text.length).toBeLessThanOrEqual(LIMITS.text);
      expect(message.text).not.toMatch(LIVE);
      expect(words(message).isWellFormed()).toBe(true);
      expect(message.text.isWellFormed()).toBe(true);
      for (const live of mrkdwnOf(message.blocks)) {
        expect(live).not.toMatch(LIVE);
        expect(live.split('`').length % 2).toBe(1);
      }
      // It was drawn; its bare words stand in its place only where the drawing would break a limit.
      const isDrawn = JSON.stringify(message.blocks) !== JSON.stringify(section(message.text));
      const hasLines = message.text.includes('\n') && !JSON.stringify(headlineOf(reply)).includes('\\n');
      expect(isDrawn || !hasLines).toBe(true);
    }),
    { numRuns: 150 },
  );
});

function mrkdwnOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnOf);
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'mrkdwn' && 'text' in value) return [String(value.text)];
  return Object.values(value).flatMap(mrkdwnOf);
}

const headlineOf = (reply: Reply): Text => (reply.type === 'answer' ? reply.headline : reply.reason);

test('an answer that another bot kept is drawn as that one would have drawn it', () => {
  fc.assert(
    fc.property(anyReply, (reply) => {
      const kept = thawAnswer(freezeAnswer({ reply, answeredAtMs: 1 }));
      expect(kept?.answeredAtMs).toBe(1);
      const drawing = { hasCharts: true };
      expect(kept && renderReply(kept.reply, drawing)).toEqual(renderReply(reply, drawing));
    }),
  );
  expect(thawAnswer('another')).toBeUndefined();
});
