import { el, svg } from '../el.ts';
import { type Plot, plotOf, slicesOf } from './geometry.ts';
import type { Chart } from './read.ts';

/** The drawing, redrawn for the width it gets, with the same numbers as a table for those who do not see it. */
export function drawChart(chart: Chart, title: string): HTMLElement {
  const stage = el('div', { class: 'chart-stage' });
  const draw = (width: number): void => {
    stage.replaceChildren(chart.kind === 'pie' ? drawPie(chart) : drawPlot(chart, width));
  };
  let drawnWidth = 560;
  draw(drawnWidth);
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width === 0 || width === drawnWidth) return;
    drawnWidth = width;
    draw(width);
  }).observe(stage);
  return el(
    'figure',
    { class: 'chart' },
    el('figcaption', {}, title),
    stage,
    chart.kind !== 'pie' && chart.series.length > 1 && legendOf(chart.series.map(({ name }) => name)),
    spokenTable(chart, title),
  );
}

type Axes = Exclude<Chart, { kind: 'pie' }>;

function drawPlot(chart: Axes, width: number): SVGElement {
  const plot = plotOf(chart, width);
  return svg(
    'svg',
    {
      viewBox: `0 0 ${plot.width} ${plot.height}`,
      width: plot.width,
      height: plot.height,
      'aria-hidden': 'true',
    },
    ...plot.ticks.map(({ y, label }) =>
      svg(
        'g',
        {},
        svg('line', {
          class: 'chart-grid',
          x1: plot.frame.x,
          x2: plot.frame.x + plot.frame.width,
          y1: y,
          y2: y,
        }),
        svg('text', { class: 'chart-tick', x: plot.frame.x - 8, y: y + 4, 'text-anchor': 'end' }, label),
      ),
    ),
    ...(chart.kind === 'bar' ? drawBars(chart, plot) : drawLines(chart, plot)),
    svg('line', {
      class: 'chart-zero',
      x1: plot.frame.x,
      x2: plot.frame.x + plot.frame.width,
      y1: plot.zeroY,
      y2: plot.zeroY,
    }),
    ...drawLabels(plot),
  );
}

function drawBars(chart: Axes, plot: Plot): readonly SVGElement[] {
  return plot.bars.map(({ x, y, width, height, series, category, value }) =>
    svg(
      'rect',
      { class: `chart-bar hue-${series % 6}`, x, y, width, height, rx: Math.min(2.5, width / 2) },
      svg('title', {}, hint(chart, series, category, value)),
    ),
  );
}

function drawLines(chart: Axes, plot: Plot): readonly SVGElement[] {
  return plot.lines.flatMap((points, series) => {
    const way = points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
    const first = points[0];
    const last = points.at(-1);
    const isArea = chart.kind === 'area' && first !== undefined && last !== undefined;
    return [
      ...(isArea
        ? [
            svg('path', {
              class: `chart-area hue-${series % 6}`,
              d: `M${first.x} ${plot.zeroY}L${way}L${last.x} ${plot.zeroY}Z`,
            }),
          ]
        : []),
      svg('path', { class: `chart-line hue-${series % 6}`, d: `M${way}` }),
      ...points.map(({ x, y, category, value }) =>
        svg(
          'g',
          { class: 'chart-point' },
          svg('circle', { class: 'chart-catch', cx: x, cy: y, r: 11 }),
          svg('circle', { class: `chart-dot hue-${series % 6}`, cx: x, cy: y, r: 3 }),
          svg('title', {}, hint(chart, series, category, value)),
        ),
      ),
    ];
  });
}

function drawLabels(plot: Plot): readonly SVGElement[] {
  const y = plot.frame.y + plot.frame.height + 16;
  return plot.labels.map(({ x, text }) =>
    plot.isTilted
      ? svg(
          'text',
          {
            class: 'chart-tick',
            'text-anchor': 'end',
            transform: `translate(${x + 4} ${y - 4}) rotate(-30)`,
          },
          text,
        )
      : svg('text', { class: 'chart-tick', 'text-anchor': 'middle', x, y }, text),
  );
}

function hint(chart: Axes, series: number, category: number, value: number): string {
  const name = chart.series.length > 1 ? `${chart.series[series]?.name ?? ''}, ` : '';
  return `${name}${chart.categories[category] ?? ''}: ${value.toLocaleString()}`;
}

const PIE_RADIUS = 74;

function drawPie(chart: Extract<Chart, { kind: 'pie' }>): HTMLElement {
  const slices = slicesOf(chart.segments, PIE_RADIUS, 44);
  const size = PIE_RADIUS * 2;
  return el(
    'div',
    { class: 'pie' },
    svg(
      'svg',
      { viewBox: `-1 -1 ${size + 2} ${size + 2}`, width: size, height: size, 'aria-hidden': 'true' },
      ...slices.map(({ path, label, value, share }, index) =>
        svg(
          'path',
          { class: `chart-slice hue-${index % 6}`, d: path },
          svg('title', {}, `${label}: ${value.toLocaleString()} (${percent(share)})`),
        ),
      ),
    ),
    legendOf(slices.map(({ label, share }) => `${label} · ${percent(share)}`)),
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

function legendOf(names: readonly string[]): HTMLElement {
  return el(
    'ul',
    { class: 'legend', 'aria-hidden': 'true' },
    ...names.map((name, index) => el('li', {}, el('span', { class: `swatch hue-${index % 6}` }), name)),
  );
}

function spokenTable(chart: Chart, title: string): HTMLElement {
  const rows =
    chart.kind === 'pie'
      ? chart.segments.map(({ label, value }) => [label, value.toLocaleString()])
      : chart.categories.map((label, index) => [
          label,
          ...chart.series.map(({ values }) => (values[index] ?? 0).toLocaleString()),
        ]);
  const head =
    chart.kind === 'pie'
      ? ['Part', 'Value']
      : [chart.xLabel || 'Category', ...chart.series.map(({ name }) => name || chart.yLabel || 'Value')];
  return el(
    'table',
    { class: 'spoken' },
    el('caption', {}, title),
    el('thead', {}, el('tr', {}, ...head.map((words) => el('th', { scope: 'col' }, words)))),
    el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((words) => el('td', {}, words))))),
  );
}
