import type { BareProcess } from '../process.ts';
import type { PrivateList, Process } from '../snapshot.ts';
import { basic } from './basic.ts';
import { gitlab } from './gitlab.ts';
import { reliableFetch } from './reliable-fetch.ts';
import type { FetchStrategy, Fleet, FoundList, ListName } from './strategy.ts';
import { superFetch } from './super-fetch.ts';
import { ultimate } from './ultimate.ts';
import { unknown } from './unknown.ts';

/** In order of how sure they are: registers and unmistakable names first, "unknown" before "basic, by exclusion". */
const STRATEGIES: readonly FetchStrategy[] = [superFetch, gitlab, ultimate, reliableFetch, unknown, basic];

/** Globs that together meet every private list, for a SCAN that cannot ask for lists alone. */
export const PRIVATE_LIST_GLOBS: readonly string[] = [
  '*queue:*',
  ...STRATEGIES.flatMap(({ globs }) => globs),
];

/** Whose list this is, by its name; a list that no strategy claims is `unknown`. */
export function readListName(list: FoundList): ListName {
  for (const strategy of STRATEGIES) {
    const name = strategy.readName(list);
    if (name !== undefined) return name;
  }
  return { key: list.key, scheme: 'unknown', owner: undefined, queue: undefined };
}

export function ownerStateOf(list: ListName, fleet: Fleet): PrivateList['ownerState'] {
  const strategy = STRATEGIES.find(({ schemes }) => schemes.includes(list.scheme));
  return strategy?.ownerState(list, fleet) ?? 'unknown';
}

/** How a process takes its jobs, with the best evidence there is. */
export function fetchOf(process: BareProcess, fleet: Fleet): Process['fetch'] {
  for (const strategy of STRATEGIES) {
    const found = strategy.evidence(process, fleet);
    if (found !== undefined) return found;
  }
  return { strategy: 'unknown', evidence: 'its hash says too little' };
}
