import { expect, test } from 'vitest';
import type { Proposal } from '../../src/core/approval/proposal.ts';
import type { HistorySample } from '../../src/core/history/sample.ts';
import type { Answer } from '../../src/core/reply/reply.ts';
import { plainText } from '../../src/core/reply/text.ts';
import type { PrivateList, Process } from '../../src/core/sidekiq/snapshot.ts';
import { MigrationGuide } from '../../src/flow/migration-guide.ts';
import { ChatFailed, type MessageRef } from '../../src/ports/chat.ts';
import { printReply } from '../../src/terminal/print.ts';
import { aSidekiq } from '../commands/readings.ts';
import { PLAN, proposed } from '../core/approval/cast.ts';
import { quietNight } from '../core/health/nights.ts';
import { sampleAt } from '../core/history/samples.ts';
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
    isUncertain: false,
    posts: 0,
    deleted: '',
    /** What Sidekiq counts by class, from version 7 on. */
    done: new Map([['PayrollRunJob', 60]]) as ReadonlyMap<string, number> | undefined,
    past: [] as readonly HistorySample[],
    /** The message in its channel, as it is now. */
    shown: '',
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
        doneLastHour: async () => stage.done,
      };
      return new MigrationGuide(sidekiq, {
        chat: {
          post: async (channel: string, message: Answer) => {
            say(`post in ${channel}: ${words(message)}`);
            stage.posts += 1;
            if (stage.isUncertain) throw new ChatFailed('outcome_unknown', 'nobody knows', undefined);
            return { channel, id: `m${stage.posts}` };
          },
          update: async ({ id }: MessageRef, message: Answer) => {
            if (id === stage.deleted) throw new ChatFailed('message_not_found', 'it is gone', undefined);
            say(`edit ${id}: ${words(message)}`);
            stage.shown = printReply(message, { width: 200, hasColour: false });
          },
        },
        notes: {
          load: async (id) => notes.get(id),
          save: async (id, text) => {
            notes.set(id, text);
          },
          change: async (id, next) => {
            notes.set(id, next(notes.get(id)));
          },
        },
        store: {
          proposals: async () => stage.proposals,
          proposal: async () => undefined,
          overdueProposals: async () => [],
          unreadableProposals: async () => [],
          lastRescued: async () => 1,
          rescuedJobs: async function* () {
            yield { queue: 'default', jobs: [{ digest: 'd', jid: undefined, jobClass: 'PayrollRunJob' }] };
          },
          archiveTotals: async () => [],
          samples: async (_sidekiq, resolution, ranges) =>
            stage.past.filter(
              ({ atMs, resolution: its }) =>
                its === resolution && ranges.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs),
            ),
        },
        turns: { tryHold: async () => stage.hasTurn, release: async () => {} },
        clock: { nowMs: () => stage.nowMs, steadyMs: () => stage.nowMs, wait: async () => {} },
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

test('a message that somebody deletes is posted anew, and followed from then on', async () => {
  const stage = aStage();
  stage.proposals = [RESCUE];
  const guide = stage.begin();
  await look(stage, guide, 1);
  stage.deleted = 'm1';
  stage.lists = [];
  await look(stage, guide, 2);
  stage.processes = NEW;
  await look(stage, stage.begin(), 2);
  const of = (what: string) => stage.said.filter((line) => line.startsWith(what));
  expect(of('post in C0PAYROLL: payroll: migration to super_fetch')).toHaveLength(2);
  expect(of('edit m2')).toHaveLength(1);
  expect(of('edit m1')).toEqual([]);
});

test('where Slack does not say whether the new message stands, it is not posted again and again', async () => {
  const stage = aStage();
  stage.proposals = [RESCUE];
  const guide = stage.begin();
  await look(stage, guide, 1);
  Object.assign(stage, { deleted: 'm1', isUncertain: true, lists: [] });
  await look(stage, guide, 5);
  expect(stage.said.filter((line) => line.includes('migration to super_fetch mixed'))).toHaveLength(2);
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

/** What a watcher has kept: ten minutes each, of a fleet that crashed until now and has been well since. */
const PAST: readonly HistorySample[] = Array.from({ length: 60 * 6 }, (_, nth) => {
  const atMs = NOW_MS - (NOW_MS % (10 * MINUTE_MS)) + (nth - 24 * 6) * 10 * MINUTE_MS;
  const isBefore = atMs < NOW_MS;
  return sampleAt(atMs, {
    resolution: 'ten minutes',
    minutes: 10,
    processed: isBefore ? 200 : 900,
    busyByClass: new Map([['MailJob', isBefore ? 0.5 : 3]]),
  });
});

test('a Sidekiq that does not count by class is compared by what the watcher saw, also when the chat was down at the end', async () => {
  const stage = aStage();
  Object.assign(stage, { proposals: [RESCUE], processes: NEW, lists: [], done: undefined, past: PAST });
  const guide = stage.begin();
  // It has begun, was seen clean by the second look, and is complete with the next one.
  await look(stage, guide, 1 + (24 * HOUR_MS) / (5 * MINUTE_MS));
  stage.isChatDown = true;
  for (let time = 0; time < 3; time += 1)
    await expect(look(stage, guide, 1)).rejects.toThrow('no such channel');
  stage.isChatDown = false;
  await look(stage, stage.begin(), 1);
  expect(stage.shown).toContain('the migration to super_fetch is complete');
  expect(stage.shown).toContain('20 a minute before it was begun, 90 a minute in its last day');
  expect(stage.shown).toMatch(/MailJob +0\.5 +3\.0/);
  expect(stage.shown).toContain('Sidekiq before 7 does not count jobs by class');
  const summed = stage.shown;
  stage.past = [];
  await look(stage, stage.begin(), 3);
  expect(stage.shown).toBe(summed);
});
