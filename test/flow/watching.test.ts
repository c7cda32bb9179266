import { expect, test } from 'vitest';
import { sampleOf } from '../../src/core/health/sample.ts';
import type { Process, Snapshot } from '../../src/core/sidekiq/snapshot.ts';
import { TerminationFollower } from '../../src/flow/follow-terminations.ts';
import { Watching } from '../../src/flow/watching.ts';
import type { StoredEvidence } from '../../src/ports/memory.ts';
import { aProcess, aSnapshot, NOW_MS, worksOf } from '../snapshots.ts';

const QUIET_LOG = { info: () => {}, warn: () => {}, error: () => {} };
const READER = { remains: async () => new Map(), jobsIn: async () => new Map() };

/** A store in memory, turns that can be taken away, and a clock that stands where the last snapshot was taken. */
function aStage() {
  const saved = new Map<string, StoredEvidence>();
  const stage = {
    nowMs: NOW_MS,
    hasTurn: true,
    /** It neither reads nor writes what was seen; gone, it does not say whose turn it is either. */
    isDown: false,
    isGone: false,
    saves: 0,
    /** How often it was asked whose turn it is, and an answer came. */
    asked: 0,
    begin: (terminations?: TerminationFollower) =>
      new Watching('payroll', {
        reader: READER,
        store: {
          evidence: async (sidekiq) => {
            if (stage.isDown || stage.isGone) throw new Error('the store is down');
            return saved.get(sidekiq);
          },
          saveEvidence: async (sidekiq, evidence) => {
            if (stage.isDown || stage.isGone) throw new Error('the store is down');
            stage.saves += 1;
            saved.set(sidekiq, evidence);
          },
        },
        alerter: undefined,
        recorder: undefined,
        terminations,
        turns: {
          tryHold: async () => {
            if (stage.isGone) throw new Error('the store is gone');
            stage.asked += 1;
            return stage.hasTurn;
          },
          release: async () => {},
        },
        clock: { nowMs: () => stage.nowMs, steadyMs: () => stage.nowMs, wait: async () => {} },
        log: QUIET_LOG,
      }),
    saved,
  };
  return stage;
}

type Stage = ReturnType<typeof aStage>;

function look(watching: Watching, stage: Stage, afterMs: number, processes: readonly Process[]) {
  stage.nowMs = NOW_MS + afterMs;
  const snapshot: Snapshot = aSnapshot({
    takenAtMs: stage.nowMs,
    processes,
    works: processes.flatMap((process) => (process.state === 'dead' ? [] : worksOf([process], 'AJob'))),
  });
  return watching.see(snapshot, [sampleOf(snapshot)]);
}

const at = (afterMs: number, identity = 'worker-1:1:aa') =>
  aProcess(identity, { beatAtMs: NOW_MS + afterMs });
const dead = (identity = 'worker-1:1:aa') =>
  aProcess(identity, { state: 'dead', beatAtMs: undefined, concurrency: undefined });

async function crashesOf(watching: Watching): Promise<number | undefined> {
  return (await watching.memory())?.evidence.crashes.length;
}

test('a bot that starts again remembers the night, and does not count a crash twice', async () => {
  const stage = aStage();
  const first = stage.begin();
  await look(first, stage, 0, [at(0)]);
  await look(first, stage, 10_000, [at(10_000)]);
  await look(first, stage, 75_000, [dead()]);
  expect(await crashesOf(first)).toBe(1);
  expect(stage.saves).toBe(1);
  await first.stop();

  const second = stage.begin();
  expect(await crashesOf(second)).toBe(1);
  const after = await look(second, stage, 80_000, [dead()]);
  expect(after?.judgements).toEqual([]);
  expect(await crashesOf(second)).toBe(1);
  // It was only stalled: taken back by the bot that did not see it go.
  await look(second, stage, 90_000, [at(88_000)]);
  expect(await crashesOf(second)).toBe(0);
});

test('what went while the bot was down is unknown, and what lives goes on', async () => {
  const stage = aStage();
  const first = stage.begin();
  await look(first, stage, 0, [at(0), at(0, 'worker-2:1:bb')]);
  await first.stop();
  const second = stage.begin();
  const late = await look(second, stage, 3_600_000, [dead(), at(3_599_000, 'worker-2:1:bb')]);
  expect(late?.judgements).toMatchObject([
    { kind: 'ended', identity: 'worker-1:1:aa', end: 'unknown' },
    { kind: 'beat', identity: 'worker-2:1:bb' },
  ]);
  expect(await crashesOf(second)).toBe(0);
});

test('one replica watches; the other answers from what was saved and takes over where it ended', async () => {
  const stage = aStage();
  const first = stage.begin();
  await look(first, stage, 0, [at(0)]);
  await look(first, stage, 75_000, [dead()]);
  const other = stage.begin();
  stage.hasTurn = false;
  expect(await look(other, stage, 76_000, [dead()])).toBeUndefined();
  expect(await crashesOf(other)).toBe(1);
  stage.hasTurn = true;
  expect((await look(other, stage, 80_000, [dead()]))?.judgements).toEqual([]);
  expect(await crashesOf(other)).toBe(1);
});

test('a store that is down or holds rubbish makes it forgetful, not blind', async () => {
  const stage = aStage();
  stage.isDown = true;
  const watching = stage.begin();
  await look(watching, stage, 0, [at(0)]);
  await look(watching, stage, 75_000, [dead()]);
  expect(await crashesOf(watching)).toBe(1);
  await watching.stop();
  stage.isDown = false;
  stage.saved.set('payroll', { format: 1, body: Buffer.from('{"version":1') });
  const anew = stage.begin();
  expect(await look(anew, stage, 80_000, [at(79_000)])).toMatchObject({ judgements: [{}, {}] });
});

test('while the store is gone who watched goes on, and rests when it hears that another does', async () => {
  const stage = aStage();
  const watching = stage.begin();
  await look(watching, stage, 0, [at(0)]);
  stage.isGone = true;
  for (let afterMs = 10_000; afterMs <= 60 * 60_000; afterMs += 10_000)
    expect(await look(watching, stage, afterMs, [at(afterMs)])).toBeDefined();
  stage.isGone = false;
  stage.hasTurn = false;
  expect(await look(watching, stage, 3_610_000, [at(3_610_000)])).toBeUndefined();
  expect(watching.own).toBeUndefined();
});

test('who did not watch stands in when the store has been gone for minutes, writes nothing, and lets the other ask first', async () => {
  const stage = aStage();
  const other = stage.begin();
  stage.hasTurn = false;
  expect(await look(other, stage, 0, [at(0)])).toBeUndefined();
  stage.isGone = true;
  expect(await look(other, stage, 10_000, [at(10_000)])).toBeUndefined();
  expect(await look(other, stage, 300_000, [at(300_000)])).toBeUndefined();
  expect(await look(other, stage, 310_000, [at(310_000)])).toBeDefined();
  stage.isGone = false;
  stage.hasTurn = true;
  stage.asked = 0;
  for (let afterMs = 320_000; afterMs < 360_000; afterMs += 10_000)
    expect(await look(other, stage, afterMs, [dead()])).toBeDefined();
  expect([stage.asked, stage.saves]).toEqual([0, 0]);
  // Nobody else did.
  expect(await look(other, stage, 360_000, [at(360_000, 'worker-2:1:bb')])).toBeDefined();
  await other.stop();
  expect([stage.asked, stage.saves]).toEqual([1, 1]);
});

test('without news it is saved every few minutes, not at every look', async () => {
  const stage = aStage();
  const watching = stage.begin();
  for (let afterMs = 0; afterMs <= 11 * 60_000; afterMs += 10_000)
    await look(watching, stage, afterMs, [at(afterMs)]);
  expect(stage.saves).toBe(2);
});

test('a bot that does not watch tells how pods ended, too; one that watches asks no more than it needs', async () => {
  const stage = aStage();
  const end = { pod: 'worker-1', atMs: NOW_MS, reason: 'OOMKilled', exitCode: 137 };
  const reader = { terminations: async () => ({ kind: 'read', found: [end] }) as const };
  const clock = { nowMs: () => stage.nowMs, steadyMs: () => stage.nowMs, wait: async () => {} };
  const follower = () => new TerminationFollower(reader, clock, QUIET_LOG);
  const watching = stage.begin(follower());
  await look(watching, stage, 0, [at(0)]);
  expect((await watching.podEnds())?.found).toEqual([]);
  stage.hasTurn = false;
  const beside = stage.begin(follower());
  await look(beside, stage, 0, [at(0)]);
  expect((await beside.podEnds())?.found).toEqual([end]);
});
