import { afterEach, beforeEach, expect, test } from 'vitest';
import { driftOf } from '../../src/core/drift.ts';
import { Board } from '../../src/flow/board.ts';
import type { Guarded } from '../../src/flow/guarded.ts';
import { openGuarding } from '../../src/flow/guarding.ts';
import { type Chat, ChatFailed, type Directory } from '../../src/ports/chat.ts';
import { type Store, StoreError } from '../../src/ports/store.ts';
import { PLAN, RULES, START_MS } from '../core/approval/cast.ts';
import { aMember, NO_DIRECTORY } from '../people.ts';
import { CLOCK, logInto } from '../slack/bot.ts';
import { aPolicy } from '../snapshots.ts';
import { openOwnStore } from '../store/own-store.ts';

/** What whoever proposes is told of the message that their proposal gets. */

let store: Store;
beforeEach(async () => {
  store = await openOwnStore();
});
afterEach(() => store[Symbol.asyncDispose]());

const [ANN, BEN] = [aMember('UANN', 'Ann'), aMember('UBEN', 'Ben')];
const DIRECTORY: Directory = {
  ...NO_DIRECTORY,
  personNow: async (id) => [ANN, BEN].find((person) => person.id === id),
  membersNow: async (id) => (id === 'SLEADS' ? [BEN.id] : [ANN.id, BEN.id]),
};
const DEED: Guarded = {
  name: PLAN.action,
  plan: async () => PLAN,
  drift: driftOf,
  describe: () => ({ headline: ['do it'], details: [] }),
  carryOut: async () => ({ type: 'done', result: 'all of it' }),
};
const WISH = { action: PLAN.action, sidekiq: PLAN.sidekiq, parameters: {}, reason: 'because' };
const CHANNEL = { id: 'C1', name: 'C1', isExternal: false, isDirect: false };

const deskOn = (store: Store) => ({
  store,
  directory: DIRECTORY,
  clock: { ...CLOCK, nowMs: () => START_MS },
  log: logInto([]),
  sidekiqs: [{ policy: aPolicy({ name: PLAN.sidekiq }), rules: RULES, actions: [DEED] }],
});
const taking: Chat = { post: async (channel) => ({ channel, id: '1' }), update: async () => {} };

/** Ann proposes; `committed` happens in the instant between the commit and the message. */
async function told(chat: Chat, committed: () => Promise<void> = async () => {}, on: Partial<Store> = {}) {
  const transact: Store['transact'] = async (work) => {
    const outcome = await store.transact(work);
    await committed();
    return outcome;
  };
  const desk = deskOn({ ...store, ...on, transact });
  await using bot = openGuarding(desk, { chat, holder: 'one', newId: () => 'p1', auditChannel: undefined });
  return bot.proposer.propose(WISH, ANN, CHANNEL);
}

const RECEIPT = { type: 'answer', data: { proposal: 'p1' } };

test('it is proposed, and stands in the channel', async () => {
  expect(await told(taking)).toMatchObject(RECEIPT);
});

test('where another bot posts it in that very instant, it is not called refused', async () => {
  const [posting, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow: Chat = {
    ...taking,
    post: async (...post) => {
      posting.resolve();
      await letGo.promise;
      return taking.post(...post);
    },
  };
  const other = new Board(deskOn(store), slow, 'other');
  let swept = Promise.resolve();
  const reply = await told(taking, async () => {
    swept = other.sweep();
    await posting.promise;
  });
  expect(reply).toMatchObject(RECEIPT);
  letGo.resolve();
  await swept;
});

test('where Slack refuses it, that is said, with why', async () => {
  const refusing: Chat = {
    ...taking,
    post: () => Promise.reject(new ChatFailed('unreachable', 'Slack is away.', undefined)),
  };
  const reply = await told(refusing);
  expect(reply).toMatchObject({ type: 'refusal', code: 'not_posted' });
  expect(JSON.stringify(reply)).toContain('Slack is away.');
});

test('a store that is lost right after the commit does not make it unproposed', async () => {
  const announcement = () => Promise.reject(new StoreError('unavailable', 'It is down.'));
  expect(await told(taking, undefined, { announcement })).toMatchObject(RECEIPT);
  expect(await store.proposal('p1')).toMatchObject({ now: { state: 'proposed' } });
});
