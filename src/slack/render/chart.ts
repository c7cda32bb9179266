import type { Chart } from '../../core/reply/reply.ts';
import { type ChartBlock, cutPlain, type Drawn, LIMITS } from '../limits.ts';
import { escapeForeign, harmless } from './mrkdwn.ts';
import { context } from './parts.ts';
import { sparklines, spread } from './sparkline.ts';

/** The chart as Slack draws it; undefined when its figures can't be drawn. */
export function chartBlock(chart: Chart): ChartBlock | undefined {
  const shown = spread([...chart.categories.keys()], LIMITS.chartCategories);
  const series = chart.series.slice(0, LIMITS.chartSeries);
  const isComplete = series.every(({ values }) => shown.every((index) => Number.isFinite(values[index])));
  if (shown.length === 0 || series.length === 0 || !isComplete) return undefined;
  const labels = distinct(shown.map((index) => chart.categories[index] ?? ''));
  const names = distinct(series.map(({ name }) => name));
  return {
    type: 'data_visualization',
    title: label(chart.title, LIMITS.chartTitle),
    chart: {
      type: chart.type,
      series: series.map(({ values }, at) => ({
        name: names[at] ?? '',
        data: labels.map((category, point) => ({
          label: category,
          value: values[shown[point] ?? 0] ?? 0,
        })),
      })),
      axis_config: {
        categories: labels,
        ...axisLabel('x_label', chart.xLabel),
        ...axisLabel('y_label', chart.yLabel),
      },
    },
  };
}

/** In words, where Slack can't draw it. */
export function chartInWords(chart: Chart): readonly Drawn[] {
  return context([escapeForeign(chart.title), ...sparklines(chart).map(escapeForeign)].join('\n'));
}

function axisLabel(name: 'x_label' | 'y_label', words: string): { x_label?: string; y_label?: string } {
  return words.trim() === '' ? {} : { [name]: label(words, LIMITS.chartAxisLabel) };
}

/** Slack finds a point by its label, so two must not be the same after cutting. */
function distinct(words: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return words.map((word) => {
    let candidate = label(word, LIMITS.chartLabel);
    for (let nth = 2; taken.has(candidate); nth += 1) {
      const ending = ` (${nth})`;
      candidate = `${label(word, LIMITS.chartLabel - ending.length)}${ending}`;
    }
    taken.add(candidate);
    return candidate;
  });
}

function label(words: string, max: number): string {
  const shown = harmless(words).replaceAll('\n', ' ').trim();
  return shown === '' ? '–' : cutPlain(shown, max);
}
