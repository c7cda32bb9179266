import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DatabaseName, type Databases, startDatabases } from '../../store/databases.ts';
import { archiveJobs, counts, DEFAULT, queued, setRestoreStage, someJob } from './stage.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases[Symbol.asyncDispose]());

const JOBS = 8000;
const CHUNK = 200;

test.each<{ name: DatabaseName; kills: number }>([
  { name: 'SQLite', kills: 20 },
  { name: 'PostgreSQL', kills: 6 },
])(
  'killed -9 $kills times, each job is back exactly once and in its order, on $name',
  async ({ name, kills }) => {
    const storeUrl = await databases.createUrl(name);
    await using stage = await setRestoreStage(storeUrl);
    const jobs = Array.from({ length: JOBS }, (_, index) => ({ payload: someJob(String(index)) }));
    // Sent twice by their client: two jobs with the same bytes are two jobs.
    jobs.push(...jobs.slice(0, 50));
    const timed = Array.from({ length: 1500 }, (_, index) => ({
      payload: someJob(`r${index}`),
      score: 4_000_000_000 + index / 3,
    }));
    await archiveJobs(stage.store, { kind: 'retry_set' }, timed, CHUNK);
    await archiveJobs(stage.store, DEFAULT, jobs, CHUNK);
    let killed = 0;
    let fence = 0;
    let end: { readonly type?: string } = {};
    // A SQLite file has one bot at a time.
    if (name === 'SQLite') await stage.closeStore();
    const run = async (stepsToLive: number) => {
      fence += 1;
      const file = join(import.meta.dirname, 'restoring-child.ts');
      const child = spawn(process.execPath, [file, storeUrl, stage.server.url, String(fence)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      let steps = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        if (line.startsWith('{')) end = JSON.parse(line);
        steps += 1;
        if (steps !== stepsToLive) continue;
        if (Math.random() < 0.7) await pause(Math.random() * 4);
        if (child.kill('SIGKILL')) killed += 1;
      }
      await exited;
    };
    while (killed < kills && end.type === undefined) await run(1 + Math.floor(Math.random() * 4));
    await run(Number.POSITIVE_INFINITY);
    expect(killed).toBeGreaterThanOrEqual(kills - 2);
    expect(end).toMatchObject({ type: 'done', restored: jobs.length + timed.length, uncertain: 0 });
    expect(await queued(stage.redis)).toEqual(jobs.map(({ payload }) => payload.toString('latin1')));
    expect(await stage.redis.zcard('retry')).toBe(timed.length);
    for (const { payload, score } of timed.slice(0, 20))
      expect(Number(await stage.redis.zscore('retry', payload))).toBe(score);
    if (name === 'PostgreSQL')
      expect(await counts(stage.store)).toMatchObject({ restored: jobs.length + timed.length });
  },
  300_000,
);
