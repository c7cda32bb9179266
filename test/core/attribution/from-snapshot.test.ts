import { expect, test } from 'vitest';
import { listsLeftBy } from '../../../src/core/attribution/from-snapshot.ts';
import type { PrivateList, Process } from '../../../src/core/sidekiq/snapshot.ts';
import { aProcess } from '../../snapshots.ts';

function list(key: string, overrides: Partial<PrivateList>): PrivateList {
  return {
    key,
    scheme: 'gitlab',
    owner: undefined,
    ownerState: 'dead',
    queue: undefined,
    size: 2,
    ...overrides,
  };
}

const DEAD = aProcess('worker-1:77:aaa', { hostname: 'worker-1', pid: 77, state: 'silent' });
const OTHER = aProcess('worker-2:78:bbb', { hostname: 'worker-2', pid: 78 });

/** The keys of the lists that are counted as left by DEAD. */
function left(
  lists: readonly PrivateList[],
  others: readonly Process[] = [OTHER],
  claimed = new Set<string>(),
) {
  const snapshot = { privateLists: lists, processes: [DEAD, ...others] };
  return listsLeftBy(DEAD, snapshot, claimed).map(({ key }) => key);
}

test('super_fetch names the identity; nobody else’s list is taken, nor an empty one, nor one twice', () => {
  const own = list('own', { scheme: 'super_fetch', owner: DEAD.identity });
  const foreign = list('foreign', { scheme: 'super_fetch', owner: OTHER.identity });
  expect(left([own, foreign, { ...own, key: 'empty', size: 0 }])).toEqual(['own']);
  expect(left([own], [OTHER], new Set(['own']))).toEqual([]);
});

test('reliable_fetch’s lists say nothing: the successor fills them at once', () => {
  expect(left([list('queue:default_worker-1_0', { scheme: 'reliable_fetch', owner: 'worker-1 0' })])).toEqual(
    [],
  );
});

test('GitLab’s list is known by host and pid, even while its heartbeat outlives the process', () => {
  expect(left([list('one', { owner: 'worker-1:77', ownerState: 'alive' })])).toEqual(['one']);
  expect(left([list('two', { owner: 'worker-2:78', ownerState: 'alive' })])).toEqual([]);
});

test('beside a living namesake only the list without a heartbeat is the dead one’s', () => {
  const namesake = aProcess('worker-1:77:ccc', { hostname: 'worker-1', pid: 77 });
  const lists = [
    list('its', { owner: 'worker-1:77', ownerState: 'alive' }),
    list('mine', { owner: 'worker-1:77', ownerState: 'dead' }),
  ];
  expect(left(lists, [namesake])).toEqual(['mine']);
});

test('under $DYNO the pid must do, if it is nobody else’s and not everybody’s', () => {
  const other = list('dyno', { owner: 'f3a1c09d:77', ownerState: 'dead' });
  expect(left([other])).toEqual(['dyno']);
  expect(left([other], [aProcess('worker-3:77:ddd', { hostname: 'worker-3', pid: 77 })])).toEqual([]);
  expect(left([list('known', { owner: 'worker-2:77' })])).toEqual([]);
});
