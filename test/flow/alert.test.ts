import { expect, test } from 'vitest';
import type { Reminders } from '../../src/core/alerts/office-hours.ts';
import { observe, startEvidence } from '../../src/core/attribution/evidence.ts';
import { sampleOf } from '../../src/core/health/sample.ts';
import type { Incident } from '../../src/core/history/incident.ts';
import type { Answer, Reply } from '../../src/core/reply/reply.ts';
import { plainText } from '../../src/core/reply/text.ts';
import type { Snapshot } from '../../src/core/sidekiq/snapshot.ts';
import { Alerter } from '../../src/flow/alert.ts';
import { pressAlert } from '../../src/flow/handle-alert.ts';
import { inHouse } from '../../src/flow/in-house.ts';
import { ChatFailed, type MessageRef, type Pressed } from '../../src/ports/chat.ts';
import { observationsOf, victim } from '../core/attribution/incident.ts';
import { NO_PAST } from '../core/history/weeks.ts';
import { aMember } from '../people.ts';
import { aPolicy, aPrivateList, aQueue, aSnapshot, MINUTE_MS, NOW_MS } from '../snapshots.ts';

const QUIET_LOG = { info: () => {}, warn: () => {}, error: () => {} };

/** Ann presses, in the alert channel. */
const HERE = {
  actor: aMember('U0ANN', 'Ann'),
  channel: { id: 'C0PAYROLL', name: 'payroll', isExternal: false, isDirect: false },
  message: undefined,
};

function valueIn({ buttons }: Answer): string {
  return buttons.flatMap((button) => (button.type === 'act' ? [button.value] : []))[0] ?? '';
}

function wordsOf({ headline, parts }: Answer): string {
  const texts = parts.flatMap((part) => (part.type === 'paragraph' ? [plainText(part.text)] : []));
  return [plainText(headline), ...texts].join(' ');
}

/** How two troubles of the least step look. */
const STRANDED: Partial<Snapshot> = { privateLists: [aPrivateList({ size: 12 })] };
const FULL: Partial<Snapshot> = { redis: { ...aSnapshot().redis, usedMemoryBytes: 1.99 * 2 ** 30 } };

/** A channel that remembers what was said, a store in memory, and a clock. */
function aStage() {
  const said: string[] = [];
  const kept = new Map<string, string>();
  const words = (message: Answer) => plainText(message.headline).replace('payroll: ', '');
  const stage = {
    said,
    messages: 0,
    /** The small print of the newest message, and what stands in its buttons. */
    notes: [] as string[],
    value: '',
    reminders: { afterMs: undefined, officeHours: undefined } as Reminders,
    nowMs: NOW_MS,
    /** What the chat says to all that is said in the channel. */
    chatSays: undefined as string | undefined,
    /** Where alerts go by the settings, and where what was posted went. */
    channel: 'C0PAYROLL' as string | undefined,
    channels: [] as string[],
    /** What Slack says of C0PAYROLL; undefined: nothing. */
    facts: { isExternal: false } as { readonly isExternal: boolean } | undefined,
    /** What the store can't read. */
    unreadable: '',
    /** It takes and gives nothing. */
    isStoreGone: false,
    /** What the operators were told. */
    operators: [] as string[],
    /** What the chat says to an edit of a message, by its id. */
    troubles: new Map<string, string>(),
    refusedEdits: 0,
    store: {
      load: async (id: string) => {
        if (stage.isStoreGone || id === stage.unreadable) throw new Error(`${id} can’t be read`);
        return kept.get(id);
      },
      save: async (id: string, text: string) => {
        if (stage.isStoreGone) throw new Error(`${id} can’t be written`);
        kept.set(id, text);
      },
      change: async (id: string, next: (text: string | undefined) => string) => {
        kept.set(id, next(kept.get(id)));
      },
    },
    incidents: new Map<string, Incident>(),
    evidence: startEvidence(),
    begin: () => {
      const say = (line: string) => {
        if (stage.chatSays !== undefined) throw new ChatFailed(stage.chatSays, 'Slack said no.', undefined);
        said.push(line);
      };
      return new Alerter(aPolicy(), {
        chat: inHouse(
          {
            post: async (channel: string, message: Answer, thread?: MessageRef) => {
              if (channel === 'C0OPS') {
                stage.operators.push(wordsOf(message));
                return { channel, id: 'ops' };
              }
              say(`${thread === undefined ? 'post' : `reply to ${thread.id}`}: ${words(message)}`);
              stage.messages += 1;
              stage.channels.push(channel);
              if (thread === undefined) stage.value = valueIn(message);
              return { channel, id: `m${stage.messages}` };
            },
            update: async (message: MessageRef, content: Answer) => {
              const code = stage.troubles.get(message.id);
              if (code !== undefined) {
                stage.refusedEdits += 1;
                throw new ChatFailed(code, 'no', undefined);
              }
              say(`edit ${message.id}: ${words(content)}`);
              stage.notes = content.parts.flatMap((part) =>
                part.type === 'note' ? [plainText(part.text)] : [],
              );
            },
          },
          {
            channel: async (id) => {
              const facts = id === 'C0PAYROLL' ? stage.facts : { isExternal: false };
              return facts && { id, name: id, isDirect: false, ...facts };
            },
          },
        ),
        store: stage.store,
        history: {
          saveIncident: async (incident: Incident) => {
            if (stage.isStoreGone) throw new Error('the incident can’t be kept');
            stage.incidents.set(incident.id, incident);
          },
        },
        past: NO_PAST,
        reminders: stage.reminders,
        channel: stage.channel,
        operatorsChannels: ['C0OPS'],
        clock: { nowMs: () => stage.nowMs, steadyMs: () => stage.nowMs, wait: async () => {} },
        log: QUIET_LOG,
      });
    },
  };
  return stage;
}

type Stage = ReturnType<typeof aStage>;

/** A press of a button under the message that was posted last, by Ann unless it says otherwise. */
async function press(stage: Stage, act: string, over: Partial<Pressed> = {}): Promise<Reply> {
  return pressAlert({ act, value: stage.value, ...HERE, ...over }, stage.store, ['payroll'], stage.nowMs);
}

async function look(alerter: Alerter, stage: Stage, minute: number, strandedJobs = 0): Promise<void> {
  const privateLists = strandedJobs === 0 ? [] : [aPrivateList({ size: strandedJobs })];
  await see(alerter, stage, minute, { privateLists });
}

async function see(alerter: Alerter, stage: Stage, minute: number, over: Partial<Snapshot>): Promise<void> {
  stage.nowMs = NOW_MS + minute * MINUTE_MS;
  const snapshot = aSnapshot({ takenAtMs: stage.nowMs, ...over });
  const crash = { kind: 'ended', identity: 'x', end: 'crash', beatAtMs: 0 } as const;
  alerter.look({ atMs: stage.nowMs, judgements: [crash] }, snapshot, [sampleOf(snapshot)], stage.evidence);
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

test('a night is told in one message, edited in place, with each turn in its thread and a last word', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  kill(stage, 1, 3);
  await look(alerter, stage, 4);
  kill(stage, 4);
  await look(alerter, stage, 5);
  expect(stage.said).toMatchObject([
    expect.stringMatching(/^post: DisasterJob is likely killing workers \(\d\d %\)\.$/),
    expect.stringMatching(/^edit m1: worker processes keep crashing: 3 since /),
    expect.stringMatching(/^reply to m1: worker processes keep crashing: 3 since /),
  ]);
  stage.said.length = 0;
  kill(stage, 6);
  await look(alerter, stage, 7);
  expect(stage.said).toMatchObject([
    expect.stringMatching(/^edit m1: worker processes keep crashing: 4 since /),
  ]);
  stage.said.length = 0;
  for (let minute = 8; minute <= 60; minute++) await look(alerter, stage, minute);
  expect(stage.said).toEqual([
    expect.stringMatching(/^edit m1: DisasterJob is likely killing workers/),
    'reply to m1: over after 5 min: no worker process crashes any more. It was 4 crashes.',
    'edit m1: over after 5 min: no worker process crashes any more. It was 4 crashes.',
    'reply to m1: over after 5 min: no worker process crashes any more. It was 4 crashes.',
  ]);
  expect(stage.messages).toBe(4);
  expect([...stage.incidents.values()]).toMatchObject([
    { id: expect.stringMatching(/^likely class DisasterJob@/), bendsFigures: false },
    { id: expect.stringMatching(/^crash loop@/), bendsFigures: true, untilMs: NOW_MS + 6 * MINUTE_MS },
  ]);
});

test('what begins an hour later gets a message of its own, for an edit wakes nobody', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 70; minute++) await look(alerter, stage, minute, 12);
  kill(stage, 71, 72, 73);
  await look(alerter, stage, 74, 12);
  expect(stage.said.filter((line) => line.startsWith('post'))).toMatchObject([
    expect.stringMatching(/12 jobs are stranded/),
    expect.stringMatching(/keep crashing/),
  ]);
});

test('a restart repeats nothing, and goes on in the same messages', async () => {
  const stage = aStage();
  kill(stage, 1, 3, 4);
  await look(stage.begin(), stage, 5);
  expect(stage.messages).toBe(1);
  const second = stage.begin();
  await look(second, stage, 6);
  expect(stage.messages).toBe(1);
  kill(stage, 7);
  await look(second, stage, 8);
  expect(stage.messages).toBe(1);
  expect(stage.said.at(-1)).toMatch(/^edit m\d: /);
});

test('what could not be said is said later, once', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  stage.chatSays = 'channel_not_found';
  kill(stage, 1, 3, 4);
  await look(alerter, stage, 5);
  stage.chatSays = undefined;
  await look(alerter, stage, 5.5);
  expect(stage.said).toEqual([]);
  await look(alerter, stage, 6.5);
  await look(alerter, stage, 8);
  expect(stage.said.filter((line) => line.startsWith('post'))).toHaveLength(1);
});

test('a muted alert says nothing new for an hour, and its message shows it', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  expect(stage.said).toEqual(['post: 12 jobs are stranded: the processes that had taken them are dead.']);
  const reply = await press(stage, 'alert.mute');
  expect(reply).toMatchObject({ type: 'answer' });
  for (let minute = 6; minute <= 20; minute++) await look(alerter, stage, minute);
  expect(stage.said.some((line) => line.startsWith('reply'))).toBe(false);
  expect(stage.said.at(-1)).toBe(
    'edit m1: over after 6 min: no job is stranded any more. It was 12 jobs at most.',
  );
  // Comes back within the hour: still muted. After it: told.
  for (let minute = 21; minute <= 60; minute++) await look(alerter, stage, minute, 3);
  expect(stage.messages).toBe(1);
  await look(alerter, stage, 66, 3);
  expect(stage.said.at(-1)).toMatch(/^reply to m1: again, 2nd time: 3 jobs are stranded/);
});

test('muting can be taken back, and a foreign value is refused', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  await press(stage, 'alert.mute');
  await press(stage, 'alert.unmute');
  for (let minute = 6; minute <= 11; minute++) await look(alerter, stage, minute);
  expect(stage.said.at(-1)).toMatch(/^reply to m1: over after 6 min/);
  expect(await press(stage, 'alert.mute')).toMatchObject({ code: 'alert_over' });
  expect(await press(stage, 'alert.mute', { value: 'x y' })).toMatchObject({ code: 'unknown_alert' });
  expect(await press(stage, 'alert.mute', { value: 'payroll y' })).toMatchObject({ code: 'unknown_alert' });
  const guest = { actor: { ...HERE.actor, isGuest: true } };
  expect(await press(stage, 'alert.mute', guest)).toMatchObject({ type: 'refusal', code: 'guest' });
});

test('an acknowledged alert shows by whom, whoever came first, and nobody is reminded of it', async () => {
  const stage = aStage();
  stage.reminders = { afterMs: 30 * MINUTE_MS, officeHours: undefined };
  const alerter = stage.begin();
  for (let minute = 0; minute <= 6; minute++) await look(alerter, stage, minute, 12);
  expect(await press(stage, 'alert.acknowledge')).toMatchObject({ type: 'answer' });
  const ben = { ...HERE.actor, id: 'U0BEN' };
  const second = await press(stage, 'alert.acknowledge', { actor: ben });
  expect(second.type === 'answer' ? second.headline : []).toContainEqual({ person: 'U0ANN' });
  for (let minute = 7; minute <= 90; minute++) await look(alerter, stage, minute, 12);
  expect(stage.notes.at(-1)).toMatch(/^Acknowledged by U0ANN /);
  expect(stage.messages).toBe(1);
});

test('what nobody takes up is brought up again, in office hours only', async () => {
  const stage = aStage();
  // Begins at 03:14 on a Monday.
  stage.reminders = { afterMs: 120 * MINUTE_MS, officeHours: { fromMinute: 9 * 60, toMinute: 12 * 60 } };
  const alerter = stage.begin();
  for (let minute = 0; minute <= 10 * 60; minute += 5) await look(alerter, stage, minute, 12);
  const reminders = stage.said.filter((line) => line.startsWith('reply'));
  expect(reminders).toEqual([
    expect.stringMatching(/^reply to m1: nobody has taken this up for 5 h 50 min: 12 jobs are stranded/),
    expect.stringMatching(/^reply to m1: nobody has taken this up for 7 h 50 min: /),
  ]);
});

test('it is brought up again also while its figures move with every look', async () => {
  const stage = aStage();
  stage.reminders = { afterMs: 30 * MINUTE_MS, officeHours: undefined };
  const alerter = stage.begin();
  for (let tenths = 0; tenths <= 400; tenths += 1) await look(alerter, stage, tenths / 10, 12 + tenths);
  const reminders = stage.said.filter((line) => line.includes('nobody has taken this up'));
  expect(reminders).toHaveLength(1);
});

test('a quiet night is silent', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 30; minute++) await look(alerter, stage, minute);
  expect(stage.said).toEqual([]);
});

test.each([
  'message_not_found',
  'edit_window_closed',
  'cant_update_message',
  'is_archived',
  'channel_not_found',
])('what is open in a message that is gone (%s) is posted anew, and goes on there', async (code) => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  stage.troubles.set('m1', code);
  for (let minute = 6; minute <= 9; minute++) await look(alerter, stage, minute, 20);
  expect(stage.said.slice(1)).toEqual([expect.stringMatching(/^post: 20 jobs are stranded/)]);
  await press(stage, 'alert.acknowledge');
  await look(alerter, stage, 10, 20);
  expect(stage.said.at(-1)).toMatch(/^edit m2: 20 jobs/);
  for (let minute = 11; minute <= 16; minute++) await look(alerter, stage, minute);
  expect(stage.said.at(-2)).toMatch(/^edit m2: over after/);
});

test('what was over when its message was found gone is told no more, and what begins later is told', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  stage.troubles.set('m1', 'message_not_found');
  for (let minute = 6; minute <= 80; minute++) await look(alerter, stage, minute);
  expect(stage.said).toHaveLength(1);
  expect(stage.refusedEdits).toBe(1);
  kill(stage, 81, 82, 83);
  await look(alerter, stage, 84);
  expect(stage.said.slice(1)).toEqual([expect.stringMatching(/^post: .*keep crashing/)]);
});

test('a muted alert whose message is gone is posted anew when the mute is over', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  await press(stage, 'alert.mute');
  stage.troubles.set('m1', 'message_not_found');
  for (let minute = 6; minute <= 64; minute++) await look(alerter, stage, minute, 12);
  expect(stage.messages).toBe(1);
  for (let minute = 65; minute <= 67; minute++) await look(alerter, stage, minute, 12);
  expect(stage.said.slice(1)).toEqual([expect.stringMatching(/^post: 12 jobs are stranded/)]);
});

test('a message that can’t be edited for whatever reason keeps no news from the channel', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  stage.troubles.set('m1', 'msg_too_long');
  for (let minute = 6; minute <= 10; minute++) await see(alerter, stage, minute, { ...STRANDED, ...FULL });
  expect(stage.said.slice(1)).toEqual([expect.stringMatching(/^post: Redis is nearly full/)]);
  for (let minute = 11; minute <= 40; minute++) await see(alerter, stage, minute, STRANDED);
  expect(stage.said.at(-1)).toMatch(/^reply to m2: over after/);
});

test('what a message tells later goes where it stands, though alerts go elsewhere by now', async () => {
  const stage = aStage();
  stage.reminders = { afterMs: 10 * MINUTE_MS, officeHours: undefined };
  const before = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(before, stage, minute, 12);
  stage.channel = 'C0OTHER';
  const after = stage.begin();
  for (let minute = 6; minute <= 16; minute++) await look(after, stage, minute, 12);
  for (let minute = 17; minute <= 23; minute++) await look(after, stage, minute);
  expect(stage.said.filter((line) => line.startsWith('reply'))).toHaveLength(2);
  expect(new Set(stage.channels)).toEqual(new Set(['C0PAYROLL']));
});

test('without a channel nothing is told, and incidents are kept; once there is one, what is open is told', async () => {
  const stage = aStage();
  stage.channel = undefined;
  const silent = stage.begin();
  kill(stage, 1, 2, 3);
  for (let minute = 0; minute <= 10; minute++) await look(silent, stage, minute, 12);
  expect(stage.said).toEqual([]);
  expect([...stage.incidents.values()]).toContainEqual(
    expect.objectContaining({ id: expect.stringMatching(/^crash loop@/), bendsFigures: true }),
  );
  stage.channel = 'C0PAYROLL';
  await look(stage.begin(), stage, 11, 12);
  expect(stage.said).toEqual([expect.stringMatching(/^post: .*keep crashing/)]);
});

/** How each looks while it lasts. */
const TROUBLES: Readonly<Record<string, Partial<Snapshot>>> = {
  'stranded jobs': STRANDED,
  'no process': { processes: [], queues: [aQueue('default', { size: 40, latencyMs: 60_000 })] },
  'redis refuses': { redis: { ...aSnapshot().redis, writes: { state: 'refused', reason: 'OOM' } } },
  'redis full': FULL,
};

test.each(Object.keys(TROUBLES))(
  '%s that comes and goes five times is one message in the channel',
  async (kind) => {
    const stage = aStage();
    const alerter = stage.begin();
    for (let round = 0; round < 5; round++) {
      for (let minute = 0; minute < 10; minute++)
        await see(alerter, stage, round * 60 + minute, TROUBLES[kind] ?? {});
      for (let minute = 10; minute < 60; minute++) await see(alerter, stage, round * 60 + minute, {});
    }
    const posts = stage.said.filter((line) => line.startsWith('post'));
    const replies = stage.said.filter((line) => line.startsWith('reply to m1'));
    expect(posts).toHaveLength(1);
    // Five ends, and four new beginnings.
    expect(replies).toHaveLength(9);
    expect(stage.messages).toBe(10);
    expect(replies[1]).toMatch(/^reply to m1: again, 2nd time: /);
    expect(replies[3]).toMatch(/^reply to m1: again, 3rd time: /);
    expect(replies.at(-1)).toMatch(/^reply to m1: over after \d+ min, 5th time: /);
  },
);

test('crash loops that come and go are one message, with the class that makes them', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let round = 0; round < 3; round++) {
    kill(stage, ...[1, 2, 3].map((minute) => round * 60 + minute));
    for (let minute = 3; minute < 63; minute++) await look(alerter, stage, round * 60 + minute);
  }
  expect(stage.said.filter((line) => line.startsWith('post'))).toHaveLength(1);
  expect(stage.said).toContainEqual(
    expect.stringMatching(/^reply to m1: again, 3rd time: worker processes keep crashing/),
  );
});

test('what comes back over an hour after its end is another message', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  // Over at minute 11.
  for (let minute = 6; minute <= 70; minute++) await look(alerter, stage, minute);
  for (let minute = 71; minute <= 76; minute++) await look(alerter, stage, minute, 12);
  expect(stage.said.at(-1)).toMatch(/^post: 12 jobs are stranded/);
});

test('what comes back after a restart finds its message, and nobody is reminded of it at once', async () => {
  const stage = aStage();
  stage.reminders = { afterMs: 60 * MINUTE_MS, officeHours: undefined };
  const before = stage.begin();
  for (let minute = 0; minute <= 70; minute++) await look(before, stage, minute, 12);
  for (let minute = 71; minute <= 80; minute++) await look(before, stage, minute);
  stage.said.length = 0;
  const after = stage.begin();
  for (let minute = 120; minute <= 150; minute++) await look(after, stage, minute, 12);
  expect(stage.said).toEqual([
    expect.stringMatching(/^edit m1: again, 2nd time: /),
    expect.stringMatching(/^reply to m1: again, 2nd time: /),
  ]);
});

test('a graver trouble gets a message of its own, and what is as grave as it joins that', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  kill(stage, 6, 7, 8);
  await look(alerter, stage, 9, 12);
  const noProcess = { ...STRANDED, processes: [], queues: [aQueue('default', { size: 40 })] };
  for (let minute = 10; minute <= 16; minute++) await see(alerter, stage, minute, noProcess);
  expect(stage.said.filter((line) => !line.startsWith('edit'))).toEqual([
    expect.stringMatching(/^post: 12 jobs are stranded/),
    expect.stringMatching(/^post: worker processes keep crashing/),
    expect.stringMatching(/^reply to m2: no worker process is alive/),
  ]);
});

test('troubles that are as grave as each other are one message', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 10; minute++) await see(alerter, stage, minute, { ...STRANDED, ...FULL });
  expect(stage.said.filter((line) => line.startsWith('post'))).toHaveLength(1);
});

test.each(['alert.acknowledge', 'alert.mute'])(
  'after %s what begins is told in a message of its own, and brought up again there',
  async (act) => {
    const stage = aStage();
    stage.reminders = { afterMs: 30 * MINUTE_MS, officeHours: undefined };
    const alerter = stage.begin();
    for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
    await press(stage, act);
    for (let minute = 6; minute <= 45; minute++) await see(alerter, stage, minute, { ...STRANDED, ...FULL });
    expect(stage.said.filter((line) => !line.startsWith('edit'))).toEqual([
      expect.stringMatching(/^post: 12 jobs are stranded/),
      expect.stringMatching(/^post: Redis is nearly full/),
      expect.stringMatching(/^reply to m2: nobody has taken this up for 3\d min: Redis is nearly full/),
    ]);
  },
);

test('what comes back was not acknowledged: whoever takes it up then stands in the message', async () => {
  const stage = aStage();
  stage.reminders = { afterMs: 30 * MINUTE_MS, officeHours: undefined };
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  await press(stage, 'alert.acknowledge');
  for (let minute = 6; minute <= 20; minute++) await look(alerter, stage, minute);
  for (let minute = 21; minute <= 60; minute++) await look(alerter, stage, minute, 12);
  expect(stage.notes).toEqual([]);
  expect(stage.said.at(-1)).toMatch(/^reply to m1: nobody has taken this up/);
  await press(stage, 'alert.acknowledge', { actor: { ...HERE.actor, id: 'U0BEN' } });
  await look(alerter, stage, 61, 12);
  expect(stage.notes).toEqual([expect.stringMatching(/^Acknowledged by U0BEN /)]);
});

const SHARED =
  'payroll: an alert did not reach its channel. I try again each minute. Channel C0PAYROLL: That channel is shared with another organisation. Name another.';

test('a channel that is shared with another company hears no alert, and the operators are told once', async () => {
  const stage = aStage();
  stage.facts = { isExternal: true };
  const alerter = stage.begin();
  for (let minute = 0; minute <= 8; minute++) await look(alerter, stage, minute, 12);
  const again = stage.begin();
  for (let minute = 9; minute <= 12; minute++) await look(again, stage, minute, 12);
  expect(stage.said).toEqual([]);
  expect(stage.operators).toEqual([SHARED]);
  expect(stage.incidents.size).toBe(1);
  stage.facts = { isExternal: false };
  await look(again, stage, 14, 12);
  expect(stage.said).toEqual([expect.stringMatching(/^post: 12 jobs are stranded/)]);
  // It reached its channel in between, so the next failure is told again.
  stage.facts = { isExternal: true };
  kill(stage, 15, 16, 17);
  await look(again, stage, 18, 12);
  expect(stage.operators).toEqual([SHARED, SHARED]);
});

test('a channel that becomes shared while an alert is open hears nothing more of it; another does', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  stage.facts = { isExternal: true };
  for (let minute = 6; minute <= 8; minute++) await look(alerter, stage, minute, 20);
  expect(stage.said).toHaveLength(1);
  stage.channel = 'C0OTHER';
  const moved = stage.begin();
  await look(moved, stage, 9, 20);
  expect(stage.said.slice(1)).toEqual([expect.stringMatching(/^post: 20 jobs are stranded/)]);
  expect(stage.channels).toEqual(['C0PAYROLL', 'C0OTHER']);
});

test('where Slack does not say whose the channel is, nothing is said but to the operators', async () => {
  const stage = aStage();
  stage.facts = undefined;
  const alerter = stage.begin();
  for (let minute = 0; minute <= 6; minute++) await look(alerter, stage, minute, 12);
  expect(stage.said).toEqual([]);
  expect(stage.operators).toEqual([expect.stringContaining('I can’t see that channel.')]);
});

test('any other reason why an alert can’t be posted is told to the operators; what may pass is not', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  stage.chatSays = 'rate_limited';
  for (let minute = 0; minute <= 8; minute++) await look(alerter, stage, minute, 12);
  expect(stage.operators).toEqual([]);
  stage.chatSays = 'not_in_channel';
  for (let minute = 9; minute <= 11; minute++) await look(alerter, stage, minute, 12);
  expect(stage.operators).toEqual([expect.stringContaining('Channel C0PAYROLL: Slack said no.')]);
});

test('a store that fails right after a post does not have it posted twice', async () => {
  const stage = aStage();
  stage.unreadable = 'undelivered/payroll';
  const alerter = stage.begin();
  for (let minute = 0; minute <= 12; minute++) await look(alerter, stage, minute, 12);
  expect(stage.said.filter((line) => line.startsWith('post'))).toHaveLength(1);
});

test('an incident while the store is gone is told once and to its end; with the store back another bot goes on in its message', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  await look(alerter, stage, 0);
  stage.isStoreGone = true;
  kill(stage, 1, 2, 3);
  for (let minute = 4; minute <= 60; minute++) await look(alerter, stage, minute);
  expect(stage.said.filter((line) => line.startsWith('post'))).toEqual([
    expect.stringMatching(/^post: worker processes keep crashing: 3 since /),
  ]);
  expect(stage.said.at(-1)).toMatch(/^reply to m1: over after /);
  kill(stage, 90, 91, 92);
  await look(alerter, stage, 93);
  expect(stage.said.filter((line) => line.startsWith('post'))).toHaveLength(2);
  expect(stage.incidents.size).toBe(0);

  stage.isStoreGone = false;
  await look(alerter, stage, 94);
  expect([...stage.incidents.keys()].filter((id) => id.startsWith('crash loop'))).toHaveLength(2);
  stage.said.length = 0;
  const other = stage.begin();
  for (let minute = 95; minute <= 150; minute++) await look(other, stage, minute);
  expect(stage.said.filter((line) => line.startsWith('post'))).toEqual([]);
  expect(stage.said.at(-1)).toMatch(/over after /);
});

test('who stood in while the store was gone writes down no incident of its own when it takes over later', async () => {
  const stage = aStage();
  const watcher = stage.begin();
  await look(watcher, stage, 0);
  stage.isStoreGone = true;
  const standIn = stage.begin();
  for (let minute = 5; minute <= 25; minute++) await look(standIn, stage, minute, 12);
  expect(stage.said).not.toEqual([]);
  stage.isStoreGone = false;
  standIn.rest();
  for (let minute = 26; minute <= 40; minute++) await look(watcher, stage, minute);
  for (let minute = 41; minute <= 50; minute++) await look(standIn, stage, minute);
  expect([...stage.incidents.keys()]).toEqual([]);
});

test('a store that was slow once, long ago, does not make a bot that takes over tell everything again', async () => {
  const stage = aStage();
  const watcher = stage.begin();
  const next = stage.begin();
  stage.isStoreGone = true;
  await look(next, stage, 0);
  next.rest();
  stage.isStoreGone = false;
  for (let minute = 1; minute <= 10; minute++) await look(watcher, stage, minute, 12);
  const posts = () => stage.said.filter((line) => line.startsWith('post')).length;
  expect(posts()).toBe(1);
  stage.isStoreGone = true;
  await look(next, stage, 100, 12);
  stage.isStoreGone = false;
  for (let minute = 102; minute <= 110; minute++) await look(next, stage, minute, 12);
  expect(posts()).toBe(1);
});

test('while the store is gone who muted what holds as it was known last; where nothing is known, nobody did', async () => {
  const stage = aStage();
  const alerter = stage.begin();
  for (let minute = 0; minute <= 5; minute++) await look(alerter, stage, minute, 12);
  await press(stage, 'alert.mute');
  await look(alerter, stage, 6, 12);
  stage.isStoreGone = true;
  for (let minute = 7; minute <= 50; minute++) await look(alerter, stage, minute);
  expect(stage.said.some((line) => line.startsWith('reply'))).toBe(false);

  const standIn = stage.begin();
  stage.said.length = 0;
  for (let minute = 51; minute <= 60; minute++) await look(standIn, stage, minute, 12);
  expect(stage.said).toEqual([expect.stringMatching(/^post: 12 jobs are stranded/)]);
});
