import type { Work } from './snapshot.ts';

/** Of processes that live: what a lost one ran stays in its hash for up to a minute, and is running no more. */
export function livingWorks(
  processes: readonly { readonly identity: string; readonly state: string }[],
  works: readonly Work[],
): readonly Work[] {
  const alive = new Set(processes.flatMap(({ identity, state }) => (state === 'alive' ? [identity] : [])));
  return works.filter(({ identity }) => alive.has(identity));
}
