import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Page } from '../../src/core/sidekiq/page.ts';
import { connect } from '../../src/redis/connect.ts';
import { listSource, readPages, setSource } from '../../src/redis/pages.ts';
import { openReader } from '../../src/redis/reader.ts';
import { clock, job, reading, setStage } from './reading.ts';

const OLD_JOBS = 60_000;

test('jobs pushed while a list is counted do not make others count twice', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('queues', 'default');
  for (let from = 0; from < OLD_JOBS; from += 1000) {
    await redis.lpush('queue:default', ...Array.from({ length: 1000 }, () => job('Old')));
  }
  let isCounting = true;
  let pushed = 0;
  const push = async () => {
    while (isCounting) {
      await redis.lpush('queue:default', ...Array.from({ length: 7 }, () => job('New')));
      pushed += 7;
    }
  };
  const counted = stage.countBacklog().finally(() => {
    isCounting = false;
  });
  const [backlog] = await Promise.all([counted, push()]);
  expect(pushed).toBeGreaterThan(0);
  expect(backlog.classes.find(({ jobClass }) => jobClass === 'Old')?.total).toBe(OLD_JOBS);
});

test('jobs that workers take while a list is counted are no reason to miss one that stays', async () => {
  await using stage = await setStage();
  const { redis } = stage;
  await redis.sadd('queues', 'default');
  for (let from = 0; from < OLD_JOBS; from += 1000) {
    await redis.lpush('queue:default', ...Array.from({ length: 1000 }, () => job('Old')));
  }
  let isCounting = true;
  let taken = 0;
  const take = async () => {
    while (isCounting) {
      await redis.call('RPOP', 'queue:default');
      taken += 1;
    }
  };
  const counted = stage.countBacklog().finally(() => {
    isCounting = false;
  });
  const [backlog] = await Promise.all([counted, take()]);
  const total = backlog.classes[0]?.total ?? 0;
  expect(total).toBeGreaterThanOrEqual(OLD_JOBS - taken);
  expect(total).toBeLessThanOrEqual(OLD_JOBS);
});

test('a list is read byte for byte and in its order, whatever its payloads are made of', async () => {
  await using stage = await setStage();
  const payloads = Array.from({ length: 4000 }, (_, nth) => {
    const size = nth % 500 === 0 ? 200_000 : nth % 700;
    return Buffer.concat([Buffer.from(`${nth}\r\n$3\r\n*1\r\n`), Buffer.alloc(size, nth)]);
  });
  for (let from = 0; from < payloads.length; from += 500) {
    await stage.redis.rpush('queue:odd', ...payloads.slice(from, from + 500));
  }
  const connection = connect({ sidekiq: 'payroll', url: stage.server.url });
  const read: Buffer[] = [];
  for await (const page of readPages(connection, listSource('queue:odd'))) {
    // Whoever looks for longer still sees this page, and not those that have come meanwhile.
    await pause(5);
    read.push(...page.payloads().map((payload) => Buffer.from(payload)));
  }
  connection.close();
  expect(read.length).toBe(payloads.length);
  expect(Buffer.concat(read).equals(Buffer.concat(payloads))).toBe(true);
});

test('what a page shows a second time, because others were pushed, is left out of it', () => {
  const sizes = fc.record({ count: fc.integer({ min: 1, max: 40 }), pushed: fc.nat({ max: 50 }) });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 3 }), ({ count, pushed }, digits) => {
      const jobs = Array.from({ length: 100 }, (_, nth) => Buffer.from(`${nth}`.padStart(digits, '0')));
      const from = Math.max(0, count - pushed);
      const [previous, page] = [jobs.slice(0, count), jobs.slice(from, from + count)];
      for (const { withoutRepeats } of [listSource('queue:a'), setSource('retry')]) {
        const fresh = withoutRepeats(Page.of(page), Page.of(previous));
        expect(fresh.payloads()).toEqual(page.slice(count - from));
      }
    }),
  );
});

test('a list of jobs that are all the same bytes is counted exactly', async () => {
  await using stage = await setStage();
  await stage.redis.sadd('queues', 'default');
  const same = job('Same');
  for (let round = 0; round < 5; round += 1) {
    await stage.redis.lpush('queue:default', ...Array.from({ length: 2345 }, () => same));
  }
  const backlog = await stage.countBacklog();
  expect(backlog).toMatchObject({ isExact: true, classes: [{ jobClass: 'Same', total: 5 * 2345 }] });
});

test('retry and scheduled sets of many pages are counted exactly', async () => {
  await using stage = await setStage();
  for (let round = 0; round < 5; round += 1) {
    const members = Array.from({ length: 1500 }, (_, index) => [
      index % 7,
      job(index % 3 === 0 ? 'A' : 'B'),
    ]).flat();
    await stage.redis.zadd('retry', ...members);
    await stage.redis.zadd('schedule', ...members);
  }
  const { classes, readCount } = await stage.countBacklog();
  expect(readCount).toBe(15_000);
  expect(classes).toMatchObject([
    { jobClass: 'B', inRetrySet: 5000, inScheduledSet: 5000 },
    { jobClass: 'A', inRetrySet: 2500, inScheduledSet: 2500 },
  ]);
});

test('when the time is up the counts are what was read, and say so', async () => {
  await using stage = await setStage();
  await stage.redis.sadd('queues', 'large', 'small');
  await stage.redis.lpush('queue:small', job('Small'));
  await stage.redis.lpush('queue:large', ...Array.from({ length: 20_000 }, () => job('Large')));
  const backlog = await reading(stage.server.url, '', async (reader) => {
    await reader.snapshot();
    return reader.countBacklog({ budgetMs: 0.001 });
  });
  expect(backlog.isExact).toBe(false);
  expect(backlog.knownCount).toBe(20_001);
  expect(backlog.readCount).toBeLessThan(20_001);
});

test('a Redis whose SCAN knows no TYPE (before 6) is searched by patterns', async () => {
  await using stage = await setStage();
  await stage.redis.lpush('queue:sq|gone:1:0123456789ab|default', job('A'));
  await stage.redis.lpush('inproc:gone:1:0123456789ab:default', job('A'));
  await stage.redis.set('queue:text', 'no list');
  await stage.redis.mset(Array.from({ length: 5000 }, (_, index) => [`other:${index}`, 'x']).flat());
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = dial(stage.server.port, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    server.pipe(client);
    // Redis then answers as an old one does: "ERR syntax error".
    client.on('data', (chunk) =>
      server.write(chunk.toString('latin1').replaceAll('\r\nTYPE\r\n', '\r\nTPYE\r\n'), 'latin1'),
    );
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const reader = openReader({ sidekiq: 'old', url: `redis://127.0.0.1:${port}`, namespace: '', clock });
  try {
    const { privateLists, privateListSearch, faults } = await reader.snapshot();
    expect(privateLists.map(({ scheme }) => scheme).sort()).toEqual(['super_fetch', 'ultimate']);
    expect(privateListSearch.isComplete).toBe(true);
    expect(faults).toEqual([]);
  } finally {
    await reader.close();
    for (const socket of sockets) socket.destroy();
    proxy.close();
  }
});
