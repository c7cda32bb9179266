import { afterEach, beforeEach, expect, test } from 'vitest';
import { WINDOW_LOST } from '../../bench/week/sight.ts';
import { DRAFT_LIFE_MS, encodeDraft, parseDraft } from '../../src/core/approval/draft.ts';
import { FORMS } from '../../src/core/approval/forms.ts';
import { driftOf } from '../../src/core/drift.ts';
import type { ChannelFacts, Person } from '../../src/core/people.ts';
import type { Guarded } from '../../src/flow/guarded.ts';
import { type Guarding, openGuarding } from '../../src/flow/guarding.ts';
import type { Directory } from '../../src/ports/chat.ts';
import type { Store } from '../../src/ports/store.ts';
import { PLAN, RULES, START_MS } from '../core/approval/cast.ts';
import { aMember, NO_DIRECTORY } from '../people.ts';
import { CLOCK, logInto } from '../slack/bot.ts';
import { aPolicy } from '../snapshots.ts';
import { openOwnStore } from '../store/own-store.ts';

/** Windows over one store, opened at one bot and sent off at another. */
let store: Store;
let nowMs = START_MS;
let one: Guarding;
let other: Guarding;
beforeEach(async () => {
  store = await openOwnStore();
  nowMs = START_MS;
  [one, other] = [bot('one'), bot('other')];
});
afterEach(() => store[Symbol.asyncDispose]());

const PEOPLE = new Map([aMember('UANN', 'Ann'), aMember('UBEN', 'Ben')].map((each) => [each.id, each]));
const GROUPS: Record<string, string[]> = { SONCALL: ['UANN', 'UBEN'], SLEADS: ['UBEN'] };
const DIRECTORY: Directory = {
  ...NO_DIRECTORY,
  personNow: async (id) => PEOPLE.get(id),
  membersNow: async (id) => GROUPS[id],
};

function bot(holder: string): Guarding {
  const deed: Guarded = {
    name: PLAN.action,
    plan: async () => PLAN,
    drift: driftOf,
    describe: () => ({ headline: ['do it'], details: [] }),
    carryOut: async () => ({ type: 'done', result: 'all of it' }),
  };
  const desk = {
    store,
    directory: DIRECTORY,
    clock: { ...CLOCK, nowMs: () => nowMs },
    log: logInto([]),
    sidekiqs: [{ policy: aPolicy({ name: PLAN.sidekiq }), rules: RULES, actions: [deed] }],
  };
  const chat = { post: async () => ({ channel: 'C1', id: '1' }), update: async () => {} };
  const newId = () => `${holder}${Math.random().toString(36).slice(2, 8)}`;
  return openGuarding(desk, { chat, holder, newId, auditChannel: undefined });
}

const ANN = PEOPLE.get('UANN') as Person;
const channel = (id: string): ChannelFacts => ({ id, name: id, isExternal: false, isDirect: false });

/** What the window of a wish without a reason carries. */
async function opened(): Promise<string> {
  const wish = { action: PLAN.action, sidekiq: PLAN.sidekiq, parameters: {}, reason: '' };
  const window = await one.proposer.propose(wish, ANN, channel('C1'));
  if (window.type !== 'form') throw new Error(JSON.stringify(window));
  return window.value;
}

const sentOff = (at: Guarding, value: string, actor: Person | undefined = ANN) =>
  at.onForm({
    form: FORMS.confirm,
    value,
    fields: new Map([['reason', 'because']]),
    actor,
    channel: channel('C2'),
  });

test('it is proposed where it was asked for, whatever place the window names, and under the name of its draft', async () => {
  const id = await opened();
  expect(await sentOff(other, id)).toMatchObject({ type: 'answer', data: { proposal: id } });
  expect(await store.proposal(id)).toMatchObject({ channelId: 'C1', reason: 'because', plan: PLAN });
});

test('sent off many times, at once and later, it is proposed once, and every time that is said', async () => {
  const id = await opened();
  const at = [one, other, one, other];
  const replies = await Promise.all(at.map((bot) => sentOff(bot, id)));
  nowMs += DRAFT_LIFE_MS - 1;
  replies.push(await sentOff(other, id));
  for (const reply of replies) expect(reply).toMatchObject({ type: 'answer', data: { proposal: id } });
  expect((await store.latestRecords(10)).map(({ what }) => what)).toEqual(['proposed']);
});

test('nobody else’s window counts, nor one of nobody or of another thing; the draft stays for whoever asked', async () => {
  const id = await opened();
  await store.addMemo({ id: 'share/x', untilMs: START_MS + 1, body: 'no draft' });
  expect(await sentOff(other, id, PEOPLE.get('UBEN'))).toMatchObject({ code: 'draft_gone' });
  const forged = { form: FORMS.confirm, fields: new Map(), actor: ANN, channel: channel('C1') };
  for (const value of ['', 'x', '../share/x', `draft/${id}`])
    expect(await other.onForm({ ...forged, value })).toMatchObject({ code: 'draft_gone' });
  expect(await store.proposals({ limit: 1 })).toEqual([]);
  expect(await sentOff(other, id)).toMatchObject({ type: 'answer' });
});

test('where Slack does not say who it is, the window stays open', async () => {
  const id = await opened();
  const unknown = await other.onForm({
    form: FORMS.confirm,
    value: id,
    fields: new Map([['reason', 'because']]),
    actor: undefined,
    channel: channel('C1'),
  });
  expect(unknown).toEqual({
    type: 'errors',
    errors: new Map([['reason', expect.stringContaining('Slack could not be asked')]]),
  });
  expect(await sentOff(other, id)).toMatchObject({ type: 'answer' });
});

test('a window that stood open too long proposes nothing and says so, and its draft is forgotten', async () => {
  const id = await opened();
  nowMs += DRAFT_LIFE_MS;
  const reply = await sentOff(other, id);
  expect(reply).toMatchObject({ code: 'draft_gone' });
  // By these words the week in bench/ counts such an answer as none.
  expect(JSON.stringify(reply)).toMatch(WINDOW_LOST);
  await store.forgetMemos(nowMs);
  expect(await store.memo(`draft/${id}`, START_MS)).toBeUndefined();
});

test('a draft that another version wrote is none', () => {
  const draft = { plan: PLAN, reason: '', personId: 'UANN', channelId: 'C1' };
  expect(parseDraft(encodeDraft(draft))).toEqual(draft);
  expect(parseDraft(encodeDraft({ ...draft, ...{ urgency: 'high' } }))).toBeUndefined();
  expect(parseDraft('{"plan":')).toBeUndefined();
});
