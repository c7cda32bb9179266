import type { ClassTally, Tally } from './tally.ts';

/**
 * The t statistic of the simple regression of memory growth on how many jobs of the class were in flight: 0 where the
 * class ran too little, or too evenly, to say anything. It only leans the prior; memory that grows kills nobody by itself.
 */
export function memorySlopeT(slope: Tally['slope'], sums: ClassTally): number {
  return memorySlope(slope, sums).t;
}

/** The regression itself: by how many kB a second memory grows for each job of the class in flight. */
export function memorySlope({ intervals: n, y, yy }: Tally['slope'], sums: ClassTally): Slope {
  if (n < 20) return NO_SLOPE;
  // The tally counts in halves of a job.
  const sumX = sums.x / 2;
  const spread = sums.xx / 4 - (sumX * sumX) / n;
  const meanY = y / n;
  const variance = yy / n - meanY * meanY;
  if (spread < 0.5 || variance <= 0) return NO_SLOPE;
  const slope = (sums.xy / 2 - sumX * meanY) / spread;
  const rSquared = Math.min(0.999, (slope * slope * spread) / (n * variance));
  return { kbPerS: slope, t: slope / Math.sqrt((variance * (1 - rSquared)) / spread) };
}

type Slope = { readonly kbPerS: number; readonly t: number };
const NO_SLOPE: Slope = { kbPerS: 0, t: 0 };

/** How much likelier than others a class is to be blamed, before any crash is looked at. */
export function memoryPrior(slopeT: number): number {
  return 1 + Math.min(6, Math.max(0, slopeT - 2));
}
