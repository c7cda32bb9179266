import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { approve } from '../../src/core/approval/vote.ts';
import { plainText } from '../../src/core/reply/text.ts';
import { Board } from '../../src/flow/board.ts';
import type { Desk } from '../../src/flow/desk.ts';
import { type Chat, ChatFailed } from '../../src/ports/chat.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';
import { at, BEN, click, next, proposed, RULES, START_MS } from '../core/approval/cast.ts';
import { eventually } from '../eventually.ts';
import { NO_DIRECTORY } from '../people.ts';
import { CLOCK, logInto } from '../slack/bot.ts';
import { aPolicy } from '../snapshots.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poison-control-board-'));
  store = await openStore(`sqlite:${folder}/store.sqlite`);
  await store.transact((tx) => tx.addProposal(proposed()));
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** A channel that takes its time over each post of a thread, until it is let go. */
class Channel {
  readonly posts: string[] = [];
  readonly thread: string[] = [];
  held = Promise.withResolvers<void>();
  waiting = 0;

  readonly chat: Chat = {
    post: async (channel, message, thread) => {
      if (thread === undefined) this.posts.push(plainText(message.headline));
      else {
        this.waiting += 1;
        await this.held.promise;
        this.thread.push(plainText(message.headline));
      }
      return { channel, id: String(this.posts.length) };
    },
    update: async () => {},
  };
}

function boardOf({ chat }: Channel, holder: string): Board {
  const desk: Desk = {
    store,
    directory: NO_DIRECTORY,
    clock: { ...CLOCK, nowMs: () => START_MS + 1000 },
    log: logInto([]),
    sidekiqs: [{ policy: aPolicy({ name: proposed().plan.sidekiq }), rules: RULES, actions: [] }],
  };
  return new Board(desk, chat, holder);
}

async function agree(): Promise<void> {
  const decision = approve(proposed(), click(BEN), [], at(START_MS));
  if (decision.type !== 'moved') throw new Error('it was refused');
  await store.transact(async (tx) => {
    await tx.replaceProposal(next(decision));
    await tx.append(decision.entries);
  });
}

test('two bots that hear of a vote in the same instant tell the thread of it once', async () => {
  const channel = new Channel();
  const [one, other] = [boardOf(channel, 'one'), boardOf(channel, 'other')];
  await one.show('p1');
  await agree();
  const first = one.show('p1');
  await eventually(() => channel.waiting === 1);
  await other.show('p1');
  channel.held.resolve();
  await first;
  await other.sweep();
  await Promise.all([one.show('p1'), other.show('p1')]);
  expect(channel.posts).toHaveLength(1);
  expect(channel.thread).toHaveLength(1);
});

test('a thread that Slack did not take is told again, by whichever bot looks next', async () => {
  const channel = new Channel();
  const [one, other] = [boardOf(channel, 'one'), boardOf(channel, 'other')];
  await one.show('p1');
  await agree();
  channel.held.reject(new ChatFailed('unreachable', 'Slack could not be reached.', undefined));
  await one.show('p1');
  expect(channel.thread).toHaveLength(0);
  channel.held = Promise.withResolvers();
  channel.held.resolve();
  await other.sweep();
  expect(channel.thread).toHaveLength(1);
});
