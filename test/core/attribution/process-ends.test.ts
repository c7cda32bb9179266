import { expect, test } from 'vitest';
import {
  type Followed,
  type Judgement,
  judge,
  type Sighting,
} from '../../../src/core/attribution/process-ends.ts';

const ID = 'worker-1:1:abc';

/** Plays polls `[atMs, sighting]` and returns everything that was judged. */
type Seen = Omit<Sighting, 'identity' | 'hasLeftJobs'> & { readonly hasLeftJobs?: boolean };
function play(polls: readonly (readonly [number, Seen])[]): readonly Judgement[] {
  let followed: ReadonlyMap<string, Followed> = new Map();
  return polls.flatMap(([atMs, sighting]) => {
    const result = judge(followed, [{ identity: ID, hasLeftJobs: false, ...sighting }], atMs);
    followed = result.followed;
    return result.judgements;
  });
}

const alive = (beatAtMs: number, isQuiet = false) => ({ isNamed: true, hash: { beatAtMs, isQuiet } });
const ends = (judgements: readonly Judgement[]) =>
  judgements.flatMap((one) =>
    one.kind === 'ended' ? [one.end] : one.kind === 'returned' ? ['returned'] : [],
  );

test('a name that outlives its hash is a crash, at the time of the last beat', () => {
  const judgements = play([
    [0, alive(0)],
    [10_000, alive(10_000)],
    [15_000, alive(10_000)],
    [71_000, { isNamed: true, hash: undefined }],
    [76_000, { isNamed: true, hash: undefined }],
  ]);
  expect(judgements).toEqual([
    { kind: 'appeared', identity: ID },
    { kind: 'beat', identity: ID, beatAtMs: 0 },
    { kind: 'beat', identity: ID, beatAtMs: 10_000 },
    { kind: 'ended', identity: ID, end: 'crash', beatAtMs: 10_000 },
  ]);
});

test('a name that goes while its hash lives is a clean stop, busy or not', () => {
  expect(
    ends(
      play([
        [0, alive(0)],
        [5000, { isNamed: false, hash: { beatAtMs: 0, isQuiet: false } }],
      ]),
    ),
  ).toEqual(['clean stop']);
});

test('a process that was quiet and never took its name out was killed while stopping', () => {
  expect(
    ends(
      play([
        [0, alive(0)],
        [10_000, alive(10_000, true)],
        [71_000, { isNamed: true, hash: undefined }],
      ]),
    ),
  ).toEqual(['killed while stopping']);
});

test('name and hash both gone between two polls: nobody knows', () => {
  expect(
    ends(
      play([
        [0, alive(0)],
        [300_000, { isNamed: false, hash: undefined }],
      ]),
    ),
  ).toEqual(['unknown']);
});

test('a name that outlived its beats and was then cleaned away is still a crash', () => {
  const polls = [0, 5000, 20_000, 35_000, 55_000].map((atMs) => [atMs, alive(0)] as const);
  expect(ends(play([...polls, [62_000, { isNamed: false, hash: undefined }]]))).toEqual(['crash']);
});

test('an identity that beats again after its crash is told as returned, once', () => {
  expect(
    ends(
      play([
        [0, alive(0)],
        [61_000, { isNamed: true, hash: undefined }],
        [90_000, alive(88_000)],
        [95_000, alive(88_000)],
        [100_000, alive(98_000)],
      ]),
    ),
  ).toEqual(['crash', 'returned']);
});

test('a stopped process that hangs and beats again is returned too', () => {
  expect(
    ends(
      play([
        [0, alive(0)],
        [5000, { isNamed: false, hash: { beatAtMs: 0, isQuiet: true } }],
        [10_000, alive(9000)],
      ]),
    ),
  ).toEqual(['clean stop', 'returned']);
});

test('a stale name at first sight is no event', () => {
  expect(play([[0, { isNamed: true, hash: undefined }]])).toEqual([]);
});

test('a process whose clock is hours wrong is judged by ours', () => {
  expect(
    ends(
      play([
        [0, alive(9e9)],
        [10_000, alive(9e9 + 10_000)],
        [40_000, alive(9e9 + 10_000)],
        [72_000, { isNamed: false, hash: undefined }],
      ]),
    ),
  ).toEqual(['crash']);
});

test('what died while nobody looked is a crash only where private lists prove it', () => {
  const lost = { isNamed: true, hash: undefined };
  const before = [
    [0, alive(0)],
    [10_000, alive(10_000)],
  ] as const;
  expect(ends(play([...before, [3_600_000, lost]]))).toEqual(['unknown']);
  expect(ends(play([...before, [3_600_000, { ...lost, hasLeftJobs: true }]]))).toEqual(['crash']);
  // Silent before the bot went away: it had died by then.
  expect(ends(play([...before, [45_000, alive(10_000)], [3_600_000, lost]]))).toEqual(['crash']);
});
