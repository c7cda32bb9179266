import { Redis } from 'ioredis';
import { freezeMemory } from '../src/core/attribution/watch-memory.ts';
import { Watcher } from '../src/flow/watch.ts';
import { openReader } from '../src/redis/reader.ts';
import { startRedisServer } from '../src/sandbox/redis-server.ts';
import { type Benchmark, timed } from './benchmark.ts';
import { ofRounds } from './figure.ts';
import { seedFleet } from './snapshot.ts';
import { clock } from './stage.ts';

const POLL_MS = 5000;
const LOOKS = 12;
const WARM_UP_LOOKS = 3;
const FREEZES = 5;

/** What following 500 processes x 25 threads costs, reading included (issue bar: under 5 % of a core at 5 s). */
export const watch: Benchmark = {
  name: 'watch',
  run: async () => {
    await using server = await startRedisServer();
    const redis = new Redis(server.url);
    const { identities } = await seedFleet(redis);
    const reader = openReader({ sidekiq: 'bench', url: server.url, namespace: '', clock });
    const watcher = new Watcher(reader);
    const lookMs: number[] = [];
    for (let look = 0; look < LOOKS; look++) {
      const nowMs = Date.now() + look * POLL_MS;
      const beats = redis.pipeline();
      for (const identity of identities) beats.hset(identity, 'beat', nowMs / 1000);
      await beats.exec();
      const before = process.cpuUsage();
      await watcher.see({ ...(await reader.snapshot()), takenAtMs: nowMs });
      const { user, system } = process.cpuUsage(before);
      if (look >= WARM_UP_LOOKS) lookMs.push((user + system) / 1000);
    }
    const freezeMs: number[] = [];
    for (let round = 0; round < FREEZES; round += 1)
      freezeMs.push(await timed(async () => freezeMemory(watcher.memory)));
    await reader.close();
    redis.disconnect();
    return [
      { what: 'one look, CPU time of the bot', ...ofRounds(lookMs), unit: 'ms', atMost: (POLL_MS * 5) / 100 },
      { what: 'freezing what was seen', ...ofRounds(freezeMs), unit: 'ms' },
    ];
  },
};
