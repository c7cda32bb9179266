import { expect, test } from 'vitest';
import { freeze, thaw } from '../../src/core/attribution/frozen.ts';
import type { Terminations } from '../../src/core/attribution/termination.ts';
import { TerminationFollower } from '../../src/flow/follow-terminations.ts';
import { evidenceOf, observationsOf, victim } from '../core/attribution/incident.ts';
import { aSnapshot, NOW_MS } from '../snapshots.ts';

/** One crash, last heard of ten seconds ago. */
function anEvidence() {
  const life = { ...victim(['SyncJob'], ['BadJob'], 10), startedAtMs: NOW_MS - 100_000, host: 'worker-1' };
  return evidenceOf(observationsOf([life]));
}

function aFollower(answer: Terminations) {
  const stage = { asked: 0, nowMs: NOW_MS };
  const reader = {
    terminations: async () => {
      stage.asked += 1;
      return answer;
    },
  };
  const clock = { nowMs: () => stage.nowMs, steadyMs: () => stage.nowMs, wait: async () => {} };
  return { stage, follower: new TerminationFollower(reader, clock) };
}

test('a crash learns from its pod how it ended, and keeps it over a restart', async () => {
  const evidence = anEvidence();
  const end = { pod: 'worker-1', atMs: NOW_MS - 6_000, reason: 'OOMKilled', exitCode: 137 };
  const { follower } = aFollower({ kind: 'read', found: [end] });
  follower.look(aSnapshot(), evidence);
  await follower.settle();
  expect(thaw(freeze(evidence)).crashes[0]?.termination).toEqual({ reason: 'OOMKilled', exitCode: 137 });
});

test('it asks a few times a minute while a crash is unexplained, and not at all in a quiet night', async () => {
  const { follower, stage } = aFollower({ kind: 'unread', sentence: 'Kubernetes could not be reached.' });
  const evidence = anEvidence();
  for (; stage.nowMs < NOW_MS + 60_000; stage.nowMs += 5_000) {
    follower.look(aSnapshot(), evidence);
    await follower.settle();
  }
  expect(stage.asked).toBe(4);
  expect(follower.trouble).toBe('Kubernetes could not be reached.');
  const quiet = aFollower({ kind: 'read', found: [] });
  quiet.follower.look(aSnapshot(), evidenceOf([]));
  expect(quiet.stage.asked).toBe(0);
});

test('a bot that does not watch asks when it is asked, and those who ask soon after share what it heard', async () => {
  const end = { pod: 'worker-1', atMs: NOW_MS - 6_000, reason: 'OOMKilled', exitCode: 137 };
  const { follower, stage } = aFollower({ kind: 'read', found: [end] });
  await Promise.all([follower.ask(), follower.ask()]);
  expect(follower.found).toEqual([end]);
  await follower.ask();
  expect(stage.asked).toBe(1);
  stage.nowMs += 15_000;
  await follower.ask();
  expect(stage.asked).toBe(2);
  expect(follower.found).toEqual([end]);
});
