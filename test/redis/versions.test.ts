import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { reading, type Stage, setStage } from './reading.ts';

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'sidekiq');
const fixture = z.object({
  version: z.string(),
  source: z.string(),
  commands: z.array(z.array(z.string()).min(2)),
});

async function load(stage: Stage, file: string): Promise<void> {
  const { commands } = fixture.parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
  for (const [name = '', ...args] of commands) await stage.redis.call(name, ...args);
}

/** What the hand-written fixtures have in common; only their form differs by version. */
const VERSIONS = [
  { file: '5.2.10.json', namespace: '', version: '6.0.1 or earlier', rssBytes: undefined },
  { file: '6.1.3.json', namespace: 'app', version: '6.1.3 to 6.1.x', rssBytes: 26_256 * 1024 },
  { file: '6.5.12.json', namespace: '', version: '6.4.2 to 7.0.1', rssBytes: 26_256 * 1024 },
  { file: '7.3.10.json', namespace: '', version: '7.3.10', rssBytes: 26_256 * 1024 },
  { file: '8.1.7.json', namespace: '', version: '8.1.7', rssBytes: 26_256 * 1024 },
] as const;

test.each(VERSIONS)(
  'what Sidekiq writes as in $file is read alike',
  async ({ file, namespace, version, rssBytes }) => {
    await using stage = await setStage();
    await load(stage, file);

    const snapshot = await stage.snapshot(namespace);

    expect(snapshot.faults).toEqual([]);
    expect(snapshot.queues).toMatchObject([
      { name: 'default', size: 3, oldest: { jobClass: 'PlainJob', createdAtMs: 1_795_454_561_770 } },
      { name: 'idle', size: 0, latencyMs: 0, oldest: undefined },
    ]);
    expect(snapshot.queues[0]?.latencyMs).toBe(Math.max(0, snapshot.takenAtMs - 1_795_454_561_771));
    expect(snapshot.retrySet).toMatchObject({ size: 1, lowestScoreMs: 1_795_454_600_250 });
    expect(snapshot.scheduledSet).toMatchObject({ size: 1, highestScoreMs: 1_795_458_160_500 });
    expect(snapshot.deadSet).toMatchObject({ size: 1, lowestScoreMs: 1_795_454_500_750, due: 0 });
    expect(snapshot.counters).toMatchObject({ processed: 12, failed: 3 });
    expect(snapshot.processes).toEqual([
      {
        identity: 'worker-1:11422:380296febe4b',
        state: 'alive',
        hostname: 'worker-1',
        pid: 11422,
        tag: 'payroll',
        startedAtMs: 1_795_454_557_827,
        beatAtMs: 1_795_454_567_829,
        ttlMs: expect.any(Number),
        concurrency: 2,
        busy: 1,
        isQuiet: false,
        isEmbedded: false,
        rssBytes,
        rttUs: file.startsWith('5') || file.startsWith('6.1') ? undefined : 40,
        queues: ['critical', 'default'],
        labels: [],
        version,
        fetch: expect.objectContaining({ strategy: expect.stringMatching(/basic|unknown/) }),
      },
    ]);
    expect(snapshot.works).toEqual([
      {
        identity: 'worker-1:11422:380296febe4b',
        threadId: '7x2',
        queue: 'default',
        jobClass: 'SlowJob',
        jid: 'bbbbbbbbbbbbbbbbbbbbbb1e',
        runAtMs: 1_795_454_560_000,
      },
    ]);

    const backlog = await reading(stage.server.url, namespace, (reader) =>
      reader.countBacklog({ budgetMs: 10_000 }),
    );
    expect(backlog.classes.map(({ jobClass, total, running }) => [jobClass, total, running])).toEqual([
      ['PlainJob', 2, 0],
      ['FailingJob', 1, 0],
      ['PayslipMailJob', 1, 0],
      ['PlannedJob', 1, 0],
      ['SlowJob', 0, 1],
    ]);
  },
);

test('what a real process of 6.4.1 wrote is read', async () => {
  await using stage = await setStage();
  await load(stage, '6.4.1.json');
  const snapshot = await stage.snapshot();
  expect(snapshot.faults).toEqual([]);
  expect(snapshot.processes).toMatchObject([
    {
      state: 'alive',
      hostname: 'worker-1',
      concurrency: 2,
      busy: 1,
      version: '6.2.0 to 6.4.1',
      tag: 'payroll',
    },
  ]);
  expect(snapshot.works).toMatchObject([{ jobClass: 'EndlessJob', queue: 'default' }]);
  expect(snapshot.queues).toMatchObject([
    { name: 'default', size: 0 },
    { name: 'idle', oldest: { jobClass: 'TaxFilingJob' } },
  ]);
  expect(snapshot.retrySet.size).toBe(1);
  expect(snapshot.counters).toMatchObject({ processed: 2, failed: 1 });
});

test('one Redis can hold two namespaces, and neither sees the other', async () => {
  await using stage = await setStage();
  await load(stage, '6.1.3.json');
  await load(stage, '7.3.10.json');
  await stage.redis.lpush(
    'queue:sq|gone:1:0123456789ab|default',
    '{"class":"A","args":[],"queue":"default"}',
  );
  const [inside, outside] = [await stage.snapshot('app'), await stage.snapshot()];
  expect(inside.privateLists).toEqual([]);
  expect(inside.processes[0]?.version).toBe('6.1.3 to 6.1.x');
  expect(outside.processes[0]?.version).toBe('7.3.10');
  // Without a namespace the lists of others are seen too, as what they look like.
  expect(outside.privateLists).toContainEqual(
    expect.objectContaining({ scheme: 'super_fetch', ownerState: 'dead' }),
  );
  expect((await stage.snapshot('[a-z]*')).queues).toEqual([]);
});

test('every fixture is loaded by a test', () => {
  expect(readdirSync(FOLDER).sort()).toEqual([...VERSIONS.map(({ file }) => file), '6.4.1.json'].sort());
});
