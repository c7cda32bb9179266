import { percent } from '../amounts.ts';
import type { Calendar } from '../history/calendar.ts';
import { type HistorySample, SPAN_MS, type TimeRange } from '../history/sample.ts';
import { clockTime } from './night.ts';

/** How much of a night was seen, of its minutes, and when for long nobody looked. */
export type Seen = { readonly share: number; readonly gaps: readonly TimeRange[] };

/** A look that is missing now and then hides nothing; a bot or a Redis that was away for longer does. */
const LEAST_SHARE = 0.9;
const LEAST_GAP_MS = 20 * 60_000;
const SHOWN_GAPS = 3;

export function seenOf(samples: readonly HistorySample[], { fromMs, toMs }: TimeRange): Seen {
  const pieces = samples.flatMap(({ atMs, resolution, minutes, waiting }) => {
    const startMs = Math.max(atMs, fromMs);
    const endMs = Math.min(atMs + SPAN_MS[resolution], toMs);
    const seenMs = Math.min(minutes * SPAN_MS.minute, endMs - startMs);
    // What Sidekiq counted itself before we came tells of nothing that waited.
    return waiting === undefined || startMs >= endMs ? [] : [{ startMs, endMs, seenMs }];
  });
  const first = samples[0];
  // A sample of an hour that began before the night is not there, and no gap.
  const leastMs = first === undefined ? 0 : Math.max(LEAST_GAP_MS, SPAN_MS[first.resolution]);
  const gaps: TimeRange[] = [];
  const note = (gap: TimeRange): void => {
    if (gap.toMs - gap.fromMs >= leastMs) gaps.push(gap);
  };
  let unseenMs = fromMs;
  for (const { startMs, endMs, seenMs } of pieces) {
    // Of a sample beside a gap, the minutes that are missing are those towards the gap.
    note({ fromMs: unseenMs, toMs: endMs - seenMs });
    unseenMs = startMs + seenMs;
  }
  note({ fromMs: unseenMs, toMs });
  const allMs = pieces.reduce((sum, { seenMs }) => sum + seenMs, 0);
  return { share: allMs / Math.max(1, toMs - fromMs), gaps };
}

/** Only of a night that was seen as a whole it may be said what did not happen. */
export function isWhole({ share, gaps }: Seen): boolean {
  return gaps.length === 0 && share >= LEAST_SHARE;
}

/** Whether what was done in such a time is known; Sidekiq's own counts, from before we came, are as good. */
export function isCounted(samples: readonly HistorySample[], { fromMs, toMs }: TimeRange): boolean {
  const minutes = samples.reduce((sum, sample) => sum + sample.minutes, 0);
  return minutes * SPAN_MS.minute >= LEAST_SHARE * (toMs - fromMs);
}

/** The gap that a time lies in, its ends included: nobody looked just before it, just after it, or both. */
export function gapAt({ gaps }: Seen, atMs: number): TimeRange | undefined {
  return gaps.find(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs);
}

/** "I did not see 02:00 to 08:50." */
export function unseenSentence({ share, gaps }: Seen, calendar: Calendar): string {
  if (gaps.length === 0) return `I saw only ${percent(share, 1)} of it.`;
  const shown = gaps.slice(0, SHOWN_GAPS).map((gap) => gapWords(gap, calendar));
  const left = gaps.length - shown.length;
  return `I did not see ${[...shown, ...(left > 0 ? [`${left} more times`] : [])].join(', ')}.`;
}

/** "02:00 to 08:50" */
export function gapWords({ fromMs, toMs }: TimeRange, calendar: Calendar): string {
  return `${clockTime(fromMs, calendar)} to ${clockTime(toMs, calendar)}`;
}
