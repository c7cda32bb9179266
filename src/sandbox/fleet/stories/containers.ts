import type { SidekiqVersion } from '../dialect.ts';
import type { FetchName, ProcessSettings } from '../process.ts';

/** The containers of the payroll fleet: one process in each, the usual limits of memory. */
export function payrollContainers(
  count: number,
  version: SidekiqVersion,
  fetch: FetchName,
): readonly ProcessSettings[] {
  return Array.from({ length: count }, (_, number) => ({
    host: `payroll-worker-${number}`,
    index: 0,
    version,
    fetch,
    concurrency: 5,
    weights: { payroll: 3, mailers: 2, default: 2, maintenance: 2, reports: 1 },
    tag: 'payroll',
    baseRssKb: 180_000 + number * 2_000,
    memoryLimitKb: 512_000,
    restartMs: { least: 3_000, most: 8_000 },
  }));
}
