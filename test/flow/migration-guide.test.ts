import { expect, test } from 'vitest';
import type { Proposal } from '../../src/core/approval/proposal.ts';
import type { Answer } from '../../src/core/reply/reply.ts';
import { plainText } from '../../src/core/reply/text.ts';
import type { PrivateList, Process } from '../../src/core/sidekiq/snapshot.ts';
import { MigrationGuide } from '../../src/flow/migration-guide.ts';
import { ChatFailed, type MessageRef } from '../../src/ports.ts';
import { aSidekiq } from '../commands/readings.ts';
import { PLAN, proposed } from '../core/approval/cast.ts';
import { quietNight } from '../core/health/nights.ts';
import { strandedSurvey } from '../core/migration/surveys.ts';
import { aFleet, aPrivateList, HOUR_MS, MINUTE_MS, NOW_MS } from '../snapshots.ts';

const SUPER: Partial<Process> = { fetch: { strategy: 'super_fetch', evidence: 'member' } };
const MIXED = [...aFleet(2), ...aFleet(1, SUPER)];
const NEW = aFleet(3, SUPER);
const QUIET_LOG = { info: () => {}, warn: () => {}, error: () => {} };

const approval = { votes: [], approvedAtMs: NOW_MS, executeByMs: NOW_MS };
const RESCUE: Proposal = {
  ...proposed(),
  plan: { ...PLAN, action: 'rescue' },
  channelId: 'C0PAYROLL',
  proposedAtMs: NOW_MS - MINUTE_MS,
  now: { state: 'done', approval, startedAtMs: NOW_MS, progress: null, result: 'well', endedAtMs: NOW_MS },
};

/** A channel that remembers what was said, notes in memory, and a fleet that the test changes. */
function aStage() {
  const notes = new Map<string, string>();
  const stage = {
    said: [] as string[],
    processes: MIXED as readonly Process[],
    lists: [aPrivateList()] as readonly PrivateList[],
    proposals: [] as readonly Proposal[],
    isChatDown: false,
    hasTurn: true,
    nowMs: NOW_MS,
    /** A bot that has just been started. */
    begin: () => {
      const say = (line: string) => {
        if (stage.isChatDown) throw new ChatFailed('channel_not_found', 'no such channel', undefined);
        stage.said.push(line);
      };
      const words = ({ headline }: Answer) => plainText(headline);
      const sidekiq = {
        ...aSidekiq(quietNight()),
        survey: async () =>
          strandedSurvey({ processes: stage.processes, lists: stage.lists, takenAtMs: stage.nowMs }),
        doneLastHour: async () => new Map([['PayrollRunJob', 60]]),
      };
      return new MigrationGuide(sidekiq, {
        chat: {
          post: async (channel: string, message: Answer) => {
            say(`post in ${channel}: ${words(message)}`);
            return { channel, id: 'm1' };
          },
          update: async ({ id }: MessageRef, message: Answer) => say(`edit ${id}: ${words(message)}`),
        },
        notes: {
          load: async (id) => notes.get(id),
          save: async (id, text) => {
            notes.set(id, text);
          },
        },
        store: {
          proposals: async () => stage.proposals,
          proposal: async () => undefined,
          overdueProposals: async () => [],
          lastRescued: async () => 1,
          rescuedJobs: async function* () {
            yield { queue: 'default', jobs: [{ digest: 'd', jid: undefined, jobClass: 'PayrollRunJob' }] };
          },
          archiveTotals: async () => [],
        },
        turns: { tryHold: async () => stage.hasTurn, release: async () => {} },
        clock: { nowMs: () => stage.nowMs, wait: async () => {} },
        log: QUIET_LOG,
      });
    },
  };
  return stage;
}

async function look(stage: ReturnType<typeof aStage>, guide: MigrationGuide, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    stage.nowMs += 5 * MINUTE_MS;
    await guide.look();
  }
}

test('it begins with the first step that was carried out, in its channel, and goes on after a restart without repeating', async () => {
  const stage = aStage();
  const guide = stage.begin();
  await look(stage, guide, 3);
  expect(stage.said).toEqual([]);
  stage.proposals = [RESCUE];
  await look(stage, guide, 3);
  const first = 'post in C0PAYROLL: payroll: migration to super_fetch mixed, 5 jobs lie stranded in 1 list';
  expect(stage.said).toEqual([first]);
  await look(stage, stage.begin(), 3);
  expect(stage.said).toEqual([first]);
  Object.assign(stage, { processes: NEW, lists: [] });
  await look(stage, stage.begin(), 2);
  await look(stage, stage.begin(), 3);
  expect(stage.said.slice(1)).toEqual([
    'edit m1: payroll: migration to super_fetch done, nothing lies stranded',
    'post in C0PAYROLL: payroll: the migration to super_fetch has reached a stage. Done: every living process uses super_fetch, and no list of a dead owner holds jobs.',
  ]);
});

test('after a clean day it says once that it is complete, and a deploy of the old release takes that back', async () => {
  const stage = aStage();
  Object.assign(stage, { proposals: [RESCUE], processes: NEW, lists: [] });
  const guide = stage.begin();
  await look(stage, guide, (25 * HOUR_MS) / (5 * MINUTE_MS));
  expect(stage.said.filter((line) => line.includes('is complete'))).toEqual([
    'post in C0PAYROLL: payroll: the migration to super_fetch is complete: for 24 h every process has used it and no list was left to be rescued.',
    expect.stringMatching(/^edit m1: payroll: the migration to super_fetch is complete, 1 d/),
  ]);
  const before = stage.said.length;
  stage.processes = MIXED;
  await look(stage, guide, 4);
  expect(stage.said.slice(before)).toEqual([
    expect.stringContaining('taken a step back. Mixed: 1 of 3 living processes use super_fetch, 2 do not.'),
    'edit m1: payroll: migration to super_fetch mixed, nothing lies stranded',
  ]);
});

test('a rescue on a fleet that shows no sign of super_fetch is no migration, and only one of several bots speaks', async () => {
  const stage = aStage();
  Object.assign(stage, { proposals: [RESCUE], processes: aFleet(3), lists: [] });
  await look(stage, stage.begin(), 3);
  Object.assign(stage, { processes: MIXED, hasTurn: false });
  await look(stage, stage.begin(), 3);
  expect(stage.said).toEqual([]);
  Object.assign(stage, { hasTurn: true, isChatDown: true });
  await expect(look(stage, stage.begin(), 1)).rejects.toThrow('no such channel');
  stage.isChatDown = false;
  await look(stage, stage.begin(), 2);
  expect(stage.said).toHaveLength(1);
});
