import type { FetchName } from '../process.ts';
import { basicFetch } from './basic.ts';
import { createGitlabFetch } from './gitlab.ts';
import { reliableFetch } from './reliable-fetch.ts';
import type { FetchStrategy } from './strategy.ts';
import { createSuperFetch } from './super-fetch.ts';

/** Every strategy, once for a fleet: some remember what their processes share. */
export function createFetchStrategies(): Readonly<Record<FetchName, FetchStrategy>> {
  return {
    basic: basicFetch,
    reliable_fetch: reliableFetch,
    super_fetch: createSuperFetch(),
    'gitlab-reliable': createGitlabFetch('reliable'),
    'gitlab-semi-reliable': createGitlabFetch('semi-reliable'),
  };
}
