import { expect, test } from 'vitest';
import { freeze, thaw } from '../../src/core/attribution/frozen.ts';
import type { Terminations } from '../../src/core/attribution/termination.ts';
import { TerminationFollower } from '../../src/flow/follow-terminations.ts';
import { evidenceOf, observationsOf, victim } from '../core/attribution/incident.ts';
import { type LogLine, logInto } from '../slack/bot.ts';
import { aSnapshot, NOW_MS } from '../snapshots.ts';

/** One crash, last heard of ten seconds ago. */
function anEvidence() {
  const life = { ...victim(['SyncJob'], ['BadJob'], 10), startedAtMs: NOW_MS - 100_000, host: 'worker-1' };
  return evidenceOf(observationsOf([life]));
}

function aFollower(answer: Terminations | Error) {
  const stage = { asked: 0, nowMs: NOW_MS, lines: [] as LogLine[] };
  const reader = {
    terminations: async () => {
      stage.asked += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const clock = { nowMs: () => stage.nowMs, steadyMs: () => stage.nowMs, wait: async () => {} };
  return { stage, follower: new TerminationFollower(reader, clock, logInto(stage.lines)) };
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

test('a reader that fails, which none should, ends neither the bot nor an answer: it is logged, and asked again', async () => {
  const { follower, stage } = aFollower(new Error('broken'));
  follower.look(aSnapshot(), anEvidence());
  await follower.settle();
  stage.nowMs += 15_000;
  await follower.ask();
  expect(stage.asked).toBe(2);
  expect(stage.lines.map(({ message }) => message)).toEqual(
    Array(2).fill('how workers ended could not be asked'),
  );
});
