import type { ClueSource } from '../clue.ts';
import { kubernetes } from './kubernetes.ts';
import { memory } from './memory.ts';
import { metrics } from './metrics.ts';
import { privateLists } from './private-lists.ts';
import { recurringJobs } from './recurring-jobs.ts';
import { threads } from './threads.ts';
import { workHashes } from './work-hashes.ts';

/** In the order in which people are told. A new source is one file and one line here. */
export const SOURCES: readonly ClueSource[] = [
  privateLists,
  kubernetes,
  recurringJobs,
  workHashes,
  memory,
  metrics,
  threads,
];
