import { expect, test } from 'vitest';
import { observe, startEvidence } from '../../src/core/attribution/evidence.ts';
import type { Answer } from '../../src/core/reply/reply.ts';
import { plainText } from '../../src/core/reply/text.ts';
import { Alerter } from '../../src/flow/alert.ts';
import { pressMute } from '../../src/flow/mute.ts';
import { ChatFailed, type MessageRef } from '../../src/ports.ts';
import { observationsOf, victim } from '../core/attribution/incident.ts';
import { aPrivateList, aSnapshot, MINUTE_MS, NOW_MS } from '../snapshots.ts';

const QUIET_LOG = { info: () => {}, warn: () => {}, error: () => {} };

/** Ann presses, in the alert channel. */
const HERE = {
  actor: {
    id: 'U0ANN',
    enterpriseUserId: null,
    name: 'Ann',
    isBot: false,
    isGuest: false,
    isOutsider: false,
    isDeactivated: false,
  },
  channel: { id: 'C0PAYROLL', name: 'payroll', isExternal: false, isDirect: false },
  message: undefined,
};

/** A channel that remembers what was said, a store in memory, and a clock. */
function aStage() {
  const said: string[] = [];
  const kept = new Map<string, string>();
  const words = (message: Answer) => plainText(message.headline).replace('payroll: ', '');
  const stage = {
    said,
    messages: 0,
    nowMs: NOW_MS,
    isChatDown: false,
    store: {
      load: async (id: string) => kept.get(id),
      save: async (id: string, text: string) => {
        kept.set(id, text);
      },
    },
    evidence: startEvidence(),
    begin: () => {
      const say = (line: string) => {
        if (stage.isChatDown) throw new ChatFailed('channel_not_found', 'no such channel', undefined);
        said.push(line);
      };
      return new Alerter('payroll', {
        chat: {
          post: async (_channel: string, message: Answer, thread?: MessageRef) => {
            say(`${thread === undefined ? 'post' : `reply to ${thread.id}`}: ${words(message)}`);
            stage.messages += 1;
            return { channel: 'C0PAYROLL', id: `m${stage.messages}` };
          },
          update: async (message: MessageRef, content: Answer) =>
            say(`edit ${message.id}: ${words(content)}`),
        },
        store: stage.store,
        channel: 'C0PAYROLL',
        clock: { nowMs: () => stage.nowMs, wait: async () => {} },
        log: QUIET_LOG,
      });
    },
  };
  return stage;
}

type Stage = ReturnType<typeof aStage>;

async function look(alerter: Alerter, stage: Stage, minute: number, strandedJobs = 0): Promise<void> {
  stage.nowMs = NOW_MS + minute * MINUTE_MS;
  const privateLists = strandedJobs === 0 ? [] : [aPrivateList({ size: strandedJobs })];
  const snapshot = aSnapshot({ takenAtMs: stage.nowMs, privateLists });
  const crash = { kind: 'ended', identity: 'x', end: 'crash', beatAtMs: 0 } as const;
  alerter.look({ atMs: stage.nowMs, judgements: [crash] }, snapshot, stage.evidence);
  await alerter.settle();
}

/** Processes that live for five minutes beside DisasterJob at the end; they die at these minutes. */
function kill(stage: Stage, ...minutes: readonly number[]): void {
  const lives = minutes.map((minute) => ({
    ...victim(['SyncJob', 'MailJob'], ['DisasterJob'], 31),
    startedAtMs: NOW_MS + (minute - 5) * MINUTE_MS,
    host: `worker-${minute}`,
  }));
  for (const observation of observationsOf(lives)) observe(stage.evidence, observation);
}

test('a night is told in two messages, edited in place and closed in their threads', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  kill(stage, 1, 3);
  await look(alerter, stage, 4);
  kill(stage, 4);
  await look(alerter, stage, 5);
  expect(stage.said).toMatchObject([
    expect.stringMatching(/^post: DisasterJob is likely killing workers \(\d\d %\)\.$/),
    expect.stringMatching(/^edit m1: DisasterJob is likely/),
    expect.stringMatching(/^post: worker processes keep crashing: 3 since /),
  ]);
  stage.said.length = 0;
  kill(stage, 6);
  await look(alerter, stage, 7);
  expect(stage.said).toMatchObject([
    expect.stringMatching(/^edit m1: /),
    expect.stringMatching(/^edit m2: worker processes keep crashing: 4 since /),
  ]);
  stage.said.length = 0;
  for (let minute = 8; minute <= 60; minute++) await look(alerter, stage, minute);
  expect(stage.said).toEqual([
    'edit m2: over after 5 min: no worker process crashes any more. It was 4 crashes.',
    'reply to m2: over after 5 min: no worker process crashes any more. It was 4 crashes.',
    expect.stringMatching(
      /^edit m1: over after 3. min: no crash for half an hour\. DisasterJob was in flight in 4 of 4/,
    ),
    expect.stringMatching(/^reply to m1: over after /),
  ]);
  expect(stage.messages).toBe(4);
});

test('a restart repeats nothing, and goes on in the same messages', async () => {
  const stage = aStage();
  kill(stage, 1, 3, 4);
  await look(stage.begin(), stage, 5);
  expect(stage.messages).toBe(2);
  const second = stage.begin();
  await look(second, stage, 6);
  expect(stage.messages).toBe(2);
  kill(stage, 7);
  await look(second, stage, 8);
  expect(stage.messages).toBe(2);
  expect(stage.said.at(-1)).toMatch(/^edit m\d: /);
});

test('what could not be said is said later, once', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  stage.isChatDown = true;
  kill(stage, 1, 3, 4);
  await look(alerter, stage, 5);
  stage.isChatDown = false;
  await look(alerter, stage, 5.5);
  expect(stage.said).toEqual([]);
  await look(alerter, stage, 6.5);
  await look(alerter, stage, 8);
  expect(stage.said.filter((line) => line.startsWith('post'))).toHaveLength(2);
});

test('a muted alert says nothing new for an hour, and its message shows it', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  expect(stage.said).toEqual(['post: 12 jobs are stranded: the processes that had taken them are dead.']);
  const press = { value: 'payroll stranded jobs', ...HERE };
  const reply = await pressMute({ act: 'alert.mute', ...press }, stage.store, ['payroll'], stage.nowMs);
  expect(reply).toMatchObject({ type: 'answer' });
  for (let minute = 6; minute <= 20; minute++) await look(alerter, stage, minute);
  expect(stage.said.some((line) => line.startsWith('reply'))).toBe(false);
  expect(stage.said.at(-1)).toBe(
    'edit m1: over after 11 min: no job is stranded any more. It was 12 jobs at most.',
  );
  // Comes back within the hour: still muted. After it: told.
  for (let minute = 21; minute <= 60; minute++) await look(alerter, stage, minute, 3);
  expect(stage.messages).toBe(1);
  await look(alerter, stage, 66, 3);
  expect(stage.said.at(-1)).toMatch(/^post: 3 jobs are stranded/);
});

test('muting can be taken back, and a foreign value is refused', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  const press = { value: 'payroll stranded jobs', ...HERE };
  await pressMute({ act: 'alert.mute', ...press }, stage.store, ['payroll'], stage.nowMs);
  await pressMute({ act: 'alert.unmute', ...press }, stage.store, ['payroll'], stage.nowMs);
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  expect(stage.messages).toBe(1);
  expect(
    await pressMute({ act: 'alert.mute', ...HERE, value: 'x y' }, stage.store, ['payroll'], 0),
  ).toMatchObject({
    code: 'unknown_alert',
  });
  const guest = { ...HERE, actor: { ...HERE.actor, isGuest: true } };
  const refused = await pressMute({ act: 'alert.mute', ...press, ...guest }, stage.store, ['payroll'], 0);
  expect(refused).toMatchObject({ type: 'refusal', code: 'guest' });
});

test('a quiet night is silent', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 30; minute++) await look(alerter, stage, minute);
  expect(stage.said).toEqual([]);
});
