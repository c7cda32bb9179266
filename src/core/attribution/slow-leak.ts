import type { Crash } from './crash.ts';
import { isAmongLargest, largestRssKb, type RssHistogram } from './rss-histogram.ts';

/**
 * A class that leaks a little in each job is long gone when the process dies, and the job in flight then only asked for
 * memory. Such crashes show in the dead processes' memory: it grew over their life, not in their last minutes.
 */
export function isSlowLeak(crashes: readonly Crash[], rss: RssHistogram): boolean {
  const slow = crashes.filter((crash) => isSlow(crash, rss)).length;
  return crashes.length >= 3 && slow >= 0.6 * crashes.length;
}

function isSlow({ growth, rssKb }: Crash, rss: RssHistogram): boolean {
  return (
    rssKb !== undefined &&
    growth.oldKb > growth.totalKb / 2 &&
    growth.oldKb > largestRssKb(rss) / 4 &&
    isAmongLargest(rss, rssKb)
  );
}
