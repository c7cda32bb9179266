import type { types } from '@slack/bolt';

/**
 * What Slack takes, in one place. One element too long and the whole message is refused, so everything is cut to these
 * first and checked against them last. Sources: comments of @slack/types 3.2, docs.slack.dev/reference/block-kit.
 */
export const LIMITS = {
  blocks: 50,
  homeBlocks: 100,
  /** About 13,200 before `msg_blocks_too_long`, undocumented (bolt-js issue 2509); we stay clear of it. */
  allBlocks: 12_500,
  /** Slack cuts at 40,000 and asks for less than 4,000. */
  text: 3900,
  header: 150,
  section: 3000,
  fields: 10,
  field: 2000,
  contextElements: 10,
  actions: 25,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  buttonText: 75,
  buttonValue: 2000,
  accessibilityLabel: 75,
  id: 255,
  viewTitle: 24,
  inputLabel: 2000,
  typed: 3000,
  options: 100,
  optionText: 75,
  optionValue: 150,
  tables: 1,
  tableRows: 100,
  tableColumns: 20,
  tableCells: 10_000,
  charts: 2,
  chartTitle: 50,
  chartAxisLabel: 50,
  chartLabel: 20,
  chartCategories: 20,
  chartSeries: 6,
} as const;

/** A block that Slack takes and @slack/types does not know yet (June 2026). */
export interface ChartBlock extends types.Block {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: 'line' | 'bar' | 'area';
    readonly series: readonly {
      readonly name: string;
      readonly data: readonly { readonly label: string; readonly value: number }[];
    }[];
    readonly axis_config: {
      readonly categories: readonly string[];
      readonly x_label?: string;
      readonly y_label?: string;
    };
  };
}

/** The blocks that we draw. */
export type Drawn =
  | types.ActionsBlock
  | types.ContextBlock
  | types.HeaderBlock
  | types.SectionBlock
  | types.TableBlock
  | ChartBlock;

/** As Slack measures all blocks together. */
export function sizeOf(blocks: readonly Drawn[]): number {
  return JSON.stringify(blocks).length;
}

/**
 * Shortens escaped text, in which an entity (`&amp;`) or a mention (`<@U1>`) is never cut in the middle and a code span is
 * closed: escape first, cut afterwards, since an entity is up to five times as long as what it stands for.
 */
export function cutEscaped(escaped: string, max: number): string {
  if (escaped.length <= max) return escaped;
  const whole = atCharacter(escaped, max - 2)
    .replace(/&[a-z]{0,3}$/, '')
    .replace(/<[^<>]*$/, '')
    .trimEnd();
  const isInCode = whole.split('`').length % 2 === 0;
  return isInCode ? `${whole}…\`` : `${whole}…`;
}

/** Shortens text that is shown as it is: headers, labels, cells. */
export function cutPlain(words: string, max: number): string {
  return words.length <= max ? words : `${atCharacter(words, max - 1).trimEnd()}…`;
}

/** Slack counts characters and we count UTF-16 units, which are never fewer; one of two units is never halved. */
function atCharacter(words: string, max: number): string {
  return words.slice(0, max).replace(/[\ud800-\udbff]$/, '');
}

/** What Slack would refuse in these blocks, as sentences; none when they may be sent. */
export function faultsOf(blocks: readonly Drawn[]): readonly string[] {
  const count = (type: Drawn['type']) => blocks.filter((block) => block.type === type).length;
  return [
    ...tooMany('blocks', blocks.length, LIMITS.blocks),
    ...tooMany('characters of all blocks', sizeOf(blocks), LIMITS.allBlocks),
    ...tooMany('tables', count('table'), LIMITS.tables),
    ...tooMany('charts', count('data_visualization'), LIMITS.charts),
    ...blocks.flatMap(faultsOfBlock),
  ];
}

function faultsOfBlock(block: Drawn): readonly string[] {
  switch (block.type) {
    case 'header':
      return lengthFaults('header', block.text.text, LIMITS.header);
    case 'section':
      return [
        ...(block.text === undefined ? [] : lengthFaults('section', block.text.text, LIMITS.section)),
        ...tooMany('fields', block.fields?.length ?? 0, LIMITS.fields),
        ...(block.fields ?? []).flatMap((field) => lengthFaults('field', field.text, LIMITS.field)),
      ];
    case 'context':
      return [
        ...tooMany('context elements', block.elements.length, LIMITS.contextElements),
        ...block.elements.flatMap((element) =>
          element.type === 'image' ? [] : lengthFaults('context', element.text, LIMITS.section),
        ),
      ];
    case 'actions':
      return [
        ...tooMany('elements of actions', block.elements.length, LIMITS.actions),
        ...block.elements.flatMap((element) => (element.type === 'button' ? buttonFaults(element) : [])),
      ];
    case 'table':
      return tableFaults(block);
    case 'data_visualization':
      return chartFaults(block);
    default:
      return block satisfies never;
  }
}

function buttonFaults(button: types.Button): readonly string[] {
  return [
    ...lengthFaults('button', button.text.text, LIMITS.buttonText),
    ...tooMany('characters of a button’s value', button.value?.length ?? 0, LIMITS.buttonValue),
    ...tooMany('characters of an action_id', button.action_id?.length ?? 0, LIMITS.id),
    ...tooMany(
      'characters of a button’s label',
      button.accessibility_label?.length ?? 0,
      LIMITS.accessibilityLabel,
    ),
  ];
}

function tableFaults({ rows }: types.TableBlock): readonly string[] {
  const cells = rows.flat().map((cell) => (cell.type === 'raw_text' ? cell.text : ''));
  return [
    ...tooMany('rows', rows.length, LIMITS.tableRows),
    ...rows.flatMap((row) => tooMany('columns', row.length, LIMITS.tableColumns)),
    ...tooMany('characters of all cells', cells.join('').length, LIMITS.tableCells),
    ...cells.filter((cell) => cell === '').map(() => 'a cell is empty'),
  ];
}

function chartFaults({ title, chart }: ChartBlock): readonly string[] {
  const { categories, x_label: xLabel, y_label: yLabel } = chart.axis_config;
  return [
    ...lengthFaults('title of a chart', title, LIMITS.chartTitle),
    ...[xLabel, yLabel].flatMap((label) =>
      label === undefined ? [] : lengthFaults('label of an axis', label, LIMITS.chartAxisLabel),
    ),
    ...tooMany('categories', categories.length, LIMITS.chartCategories),
    ...tooMany('series', chart.series.length, LIMITS.chartSeries),
    ...[...categories, ...chart.series.map(({ name }) => name)].flatMap((label) =>
      lengthFaults('label of a chart', label, LIMITS.chartLabel),
    ),
  ];
}

function lengthFaults(what: string, text: string, max: number): readonly string[] {
  return text.trim() === ''
    ? [`the ${what} is empty`]
    : tooMany(`characters of the ${what}`, text.length, max);
}

function tooMany(what: string, count: number, max: number): readonly string[] {
  return count > max ? [`${count} ${what}, at most ${max}`] : [];
}
