import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIdentity } from '../../../src/core/sidekiq/identity.ts';
import { markReplaced, readProcess } from '../../../src/core/sidekiq/process.ts';
import { estimateVersion, type VersionTraces } from '../../../src/core/sidekiq/version.ts';
import { readWork } from '../../../src/core/sidekiq/work.ts';

const NOTHING: VersionTraces = {
  saidVersion: undefined,
  hasConcurrencyField: false,
  hasCapsules: false,
  hasRtt: false,
  hasRss: false,
  workKey: undefined,
  isWorkPayloadObject: false,
};

test.each([
  ['8.1.7', { saidVersion: '8.1.7', hasConcurrencyField: true }],
  ['8.1.2 or later', { hasConcurrencyField: true, hasCapsules: true }],
  ['6.4.2 to 7.0.1', { hasRtt: true, hasRss: true, workKey: 'work' }],
  ['6.2.0 to 6.4.1', { hasRtt: true, hasRss: true, workKey: 'workers' }],
  ['6.2.0 to 7.0.1', { hasRtt: true, hasRss: true }],
  ['6.1.3 to 6.1.x', { hasRss: true, workKey: 'workers' }],
  ['6.0.1 or earlier', { workKey: 'workers', isWorkPayloadObject: true }],
  ['6.1.2 or earlier', { workKey: 'workers' }],
] as const)('the traces of %s are told from others', (text, traces) => {
  expect(estimateVersion({ ...NOTHING, ...traces }).text).toBe(text);
});

const info = JSON.stringify({ hostname: 'worker-1', pid: 1, version: '7.3.10' });
const oldInfo = JSON.stringify({ hostname: 'worker-1', pid: 1 });

function stateWith(fields: Record<string, string>, ttlMs: number | undefined, nowMs = 1_000_000): string {
  const keys = { identity: 'worker-1:1:abc', ttlMs, nowMs, workKey: undefined, isWorkPayloadObject: false };
  return readProcess({ ...keys, fields: new Map(Object.entries(fields)) }).process.state;
}

test('a process is silent when two and a half of its beats are missing, by the TTL that Redis keeps', () => {
  expect(stateWith({ info }, 59_000)).toBe('alive');
  expect(stateWith({ info }, 35_000)).toBe('alive');
  expect(stateWith({ info }, 34_999)).toBe('silent');
  expect(stateWith({ info: oldInfo, rss: '1' }, 47_500)).toBe('alive');
  expect(stateWith({ info: oldInfo, rss: '1' }, 47_499)).toBe('silent');
  expect(stateWith({}, undefined)).toBe('dead');
});

test('without a TTL the last beat decides', () => {
  expect(stateWith({ info, beat: '990.5' }, undefined)).toBe('alive');
  expect(stateWith({ info, beat: '900.5' }, undefined)).toBe('silent');
});

test('garbage in a process hash leaves what is not garbage', () => {
  const { process, hasFault } = readProcess({
    identity: 'worker-1:77:0123456789ab',
    fields: new Map([
      ['info', '{"hostname":5,"queues":"default","concurrency":-3'],
      ['busy', '-1'],
      ['rss', '99999999999999999999999'],
      ['rtt_us', 'fast'],
      ['beat', 'NaN'],
    ]),
    ttlMs: 50_000,
    nowMs: 1_000_000,
    workKey: undefined,
    isWorkPayloadObject: false,
  });
  expect(hasFault).toBe(true);
  expect(process).toMatchObject({
    hostname: 'worker-1',
    pid: 77,
    busy: 0,
    rssBytes: undefined,
    rttUs: undefined,
    beatAtMs: undefined,
    concurrency: undefined,
    queues: [],
    state: 'alive',
  });
});

test('an identity is taken apart from the right', () => {
  expect(parseIdentity('worker-1:4711:47f02cd92a8e')).toEqual({
    hostname: 'worker-1',
    pid: 4711,
    nonce: '47f02cd92a8e',
  });
  expect(parseIdentity('fe80::1:4711:47f02cd92a8e')).toMatchObject({ hostname: 'fe80::1', pid: 4711 });
  expect(parseIdentity('queues')).toEqual({ hostname: 'queues', pid: undefined, nonce: undefined });
});

test('work tells its job whether the payload is a string or, up to 6.0.1, an object', () => {
  const payload = { class: 'Slow', jid: 'abc', args: [] };
  const asText = Buffer.from(
    JSON.stringify({ queue: 'low', payload: JSON.stringify(payload), run_at: 1_795_454_560 }),
  );
  const asObject = Buffer.from(JSON.stringify({ queue: 'low', payload, run_at: 1_795_454_560 }));
  const work = {
    identity: 'i',
    threadId: 't',
    queue: 'low',
    jobClass: 'Slow',
    jid: 'abc',
    runAtMs: 1_795_454_560_000,
  };
  expect(readWork('i', 't', asText, 1000)).toEqual({ work, isPayloadObject: false, trouble: undefined });
  expect(readWork('i', 't', asObject, 1000)).toEqual({ work, isPayloadObject: true, trouble: undefined });
  expect(readWork('i', 't', asText, 10).trouble).toBe('oversized');
  expect(readWork('i', 't', Buffer.from('[]'), 1000)).toMatchObject({
    work: { queue: '' },
    trouble: 'not_json',
  });
});

test('no bytes make the reading of work or of a process throw', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.json(), fc.string(), (bytes, json, text) => {
      readWork('i', 't', Buffer.from(bytes), 1000);
      readWork('i', 't', Buffer.from(json), 1000);
      const keys = { ttlMs: 1, nowMs: 1, workKey: undefined, isWorkPayloadObject: false } as const;
      readProcess({
        ...keys,
        identity: text,
        fields: new Map([
          ['info', json],
          ['busy', text],
        ]),
      });
    }),
  );
});

/** A process of worker-1 with pid 1, as its start and last beat tell it, in seconds. */
function twin(identity: string, startedS: number, beatS: number) {
  const about = { hostname: 'worker-1', pid: 1, started_at: startedS, version: '7.3.10' };
  const fields = new Map(Object.entries({ info: JSON.stringify(about), beat: String(beatS) }));
  const keys = { identity, ttlMs: 50_000, nowMs: 2_000_000, workKey: undefined, isWorkPayloadObject: false };
  return readProcess({ ...keys, fields }).process;
}

test('a process whose host and pid a younger one has taken since its last beat is silent at once', () => {
  const states = markReplaced([
    twin('worker-1:1:a', 1000, 1010),
    twin('worker-1:1:b', 1012, 1022),
    twin('worker-1:1:c', 1030, 1040),
  ]).map(({ state }) => state);
  expect(states).toEqual(['silent', 'silent', 'alive']);
});

test('containers that share a name and a pid and both beat are both alive', () => {
  const states = markReplaced([twin('worker-1:1:a', 1000, 1040), twin('worker-1:1:b', 1012, 1042)]);
  expect(states.map(({ state }) => state)).toEqual(['alive', 'alive']);
});
