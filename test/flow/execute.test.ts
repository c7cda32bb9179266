import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { approve } from '../../src/core/approval/vote.ts';
import { driftOf } from '../../src/core/drift.ts';
import { Board } from '../../src/flow/board.ts';
import type { Desk } from '../../src/flow/desk.ts';
import { Executor } from '../../src/flow/execute.ts';
import type { Guarded } from '../../src/flow/guarded.ts';
import { ChatFailed } from '../../src/ports/chat.ts';
import { RedisUnavailable } from '../../src/ports/reading.ts';
import { type Store, StoreError } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';
import { at, BEN, click, next, PLAN, proposed, RULES, START_MS } from '../core/approval/cast.ts';
import { eventually } from '../eventually.ts';
import { NO_DIRECTORY } from '../people.ts';
import { CLOCK, logInto } from '../slack/bot.ts';
import { aPolicy } from '../snapshots.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poison-control-execute-'));
  store = await openStore(`sqlite:${folder}/store.sqlite`);
  const waiting = proposed();
  await store.transact((tx) => tx.addProposal(waiting));
  const approved = next(approve(waiting, click(BEN), [], at(START_MS)));
  await store.transact((tx) => tx.replaceProposal(approved));
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** An action of two steps that notes what it does. */
function action(deeds: string[], changes: Partial<Guarded> = {}): Guarded {
  return {
    name: PLAN.action,
    plan: async () => PLAN,
    drift: driftOf,
    describe: () => ({ headline: ['do it'], details: [] }),
    carryOut: async (work) => {
      for (let done = work.progress?.done ?? 0; done < 2; done += 1) {
        deeds.push(`deed ${done + 1}`);
        if ((await work.step({ done: done + 1, planned: 2, note: '' })) === 'stop') {
          return { type: 'stopped', result: `after ${done + 1}` };
        }
      }
      return { type: 'done', result: 'both' };
    },
    ...changes,
  };
}

/** A bot whose chat takes nothing at all. */
function executorOf(guarded: Guarded, holder = 'bot', over: Store = store): Executor {
  const failing = async () => {
    throw new ChatFailed('unreachable', 'Slack could not be reached.', undefined);
  };
  const desk: Desk = {
    store: over,
    directory: NO_DIRECTORY,
    clock: { ...CLOCK, nowMs: () => START_MS + 1000 },
    log: logInto([]),
    sidekiqs: [{ policy: aPolicy({ name: PLAN.sidekiq }), rules: RULES, actions: [guarded] }],
  };
  return new Executor(desk, new Board(desk, { post: failing, update: failing }, holder), holder);
}

const stateOf = async () => (await store.proposal('p1'))?.now.state;
const becomes = (state: string) => eventually(async () => (await stateOf()) === state, 10_000);
const recorded = async () => (await store.latestRecords(20)).map(({ what }) => what).toReversed();

test('what was approved is carried out to its end, though nobody can be shown that it is', async () => {
  const deeds: string[] = [];
  executorOf(action(deeds)).begin('p1');
  await becomes('done');
  expect(deeds).toEqual(['deed 1', 'deed 2']);
  expect(await recorded()).toEqual(['started', 'step', 'step', 'done']);
});

test('a plan that has grown beyond what was approved goes back to the people, and nothing is done', async () => {
  const deeds: string[] = [];
  const grown = { ...PLAN, places: [{ name: 'queue default', count: 51 }] };
  executorOf(action(deeds, { plan: async () => grown })).begin('p1');
  await becomes('proposed');
  expect(deeds).toEqual([]);
  expect(await recorded()).toEqual(['drift']);
});

test('a Redis that goes away interrupts it; it is resumed where its last step ended, once Redis answers', async () => {
  const deeds: string[] = [];
  let isAway = false;
  const away = () => new RedisUnavailable('payroll', 'Redis of payroll did not answer.', undefined);
  const guarded = action(deeds, {
    plan: async () => {
      if (isAway) throw away();
      return PLAN;
    },
    carryOut: async (work) => {
      if (work.progress !== null) return action(deeds).carryOut(work);
      deeds.push('deed 1');
      await work.step({ done: 1, planned: 2, note: '' });
      isAway = true;
      throw away();
    },
  });
  const executor = executorOf(guarded);
  executor.begin('p1');
  await becomes('interrupted');
  await executor.stop();
  const again = executorOf(guarded);
  again.begin('p1');
  await again.stop();
  expect(await recorded()).toEqual(['started', 'step', 'interrupted']);
  isAway = false;
  executorOf(guarded).begin('p1');
  await becomes('done');
  expect(deeds).toEqual(['deed 1', 'deed 2']);
});

test('where the record can’t be written nothing is done', async () => {
  const deeds: string[] = [];
  const full: Store = {
    ...store,
    transact: async () => {
      throw new StoreError('full', 'The disk is full.');
    },
  };
  const executor = executorOf(action(deeds), 'bot', full);
  executor.begin('p1');
  await executor.stop();
  expect(deeds).toEqual([]);
  expect(await stateOf()).toBe('approved');
});

test('of two bots that begin at once one carries it out', async () => {
  const deeds: string[] = [];
  executorOf(action(deeds), 'one').begin('p1');
  executorOf(action(deeds), 'two').begin('p1');
  await becomes('done');
  expect(deeds).toEqual(['deed 1', 'deed 2']);
});

test('a bot that is told to go hands over between two steps', async () => {
  const deeds: string[] = [];
  const reached = Promise.withResolvers<void>();
  const guarded = action(deeds, {
    carryOut: async (work) => {
      reached.resolve();
      await work.pause(60_000);
      return { type: 'done', result: '' };
    },
  });
  const executor = executorOf(guarded);
  executor.begin('p1');
  await reached.promise;
  await executor.stop();
  expect(await stateOf()).toBe('interrupted');
  expect(await recorded()).toEqual(['started', 'interrupted']);
});
