import { type Json, listOf, numberOf, recordOf, stringOf, wordsOf } from '../reading.ts';

type Series = { readonly name: string; readonly values: readonly number[] };
export type Segment = { readonly label: string; readonly value: number };

export type Chart =
  | {
      readonly kind: 'bar' | 'line' | 'area';
      readonly categories: readonly string[];
      readonly series: readonly Series[];
      readonly xLabel: string;
      readonly yLabel: string;
    }
  | { readonly kind: 'pie'; readonly segments: readonly Segment[] };

/** A `data_visualization` block as a chart, or nothing when it holds no numbers that could be drawn. */
export function readChart(block: Json): Chart | undefined {
  const chart = recordOf(block['chart']);
  const kind = chart['type'];
  if (kind === 'pie') {
    const segments = listOf(chart['segments'])
      .map((segment) => ({ label: wordsOf(segment['label']), value: numberOf(segment['value']) ?? 0 }))
      .filter(({ value }) => value > 0);
    return segments.length === 0 ? undefined : { kind, segments };
  }
  if (kind !== 'bar' && kind !== 'line' && kind !== 'area') return undefined;
  const axis = recordOf(chart['axis_config']);
  const rows = listOf(chart['series']).map((series) => ({
    name: stringOf(series['name']),
    points: listOf(series['data']).map((point) => ({
      label: wordsOf(point['label']),
      value: numberOf(point['value']) ?? 0,
    })),
  }));
  const named = Array.isArray(axis['categories']) ? axis['categories'].map(wordsOf) : [];
  const categories = named.length > 0 ? named : (rows[0]?.points.map(({ label }) => label) ?? []);
  if (categories.length === 0 || rows.length === 0) return undefined;
  const series = rows.map(({ name, points }) => ({
    name,
    values: categories.map((label) => points.find((point) => point.label === label)?.value ?? 0),
  }));
  return { kind, categories, series, xLabel: wordsOf(axis['x_label']), yLabel: wordsOf(axis['y_label']) };
}
