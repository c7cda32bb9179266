import { expect, test } from 'vitest';
import { Page } from '../../../src/core/sidekiq/page.ts';
import { type Connection, connect } from '../../../src/redis/connect.ts';
import { ParkedPages } from '../../../src/redis/purge/parked-pages.ts';
import { OutOfStep, RefusedByRedis } from '../../../src/redis/scripts.ts';
import type { Answer } from '../../../src/redis/wire.ts';
import { setPurgeStage } from './stage.ts';

const KEY = 'queue:default~parked-by-poison-control';
const JOBS = 3000;

/** Something between us and Redis that spoils the answer to one reading of the list. */
function spoiled(connection: Connection, nth: number, spoil: (answer: Answer) => Answer): Connection {
  let readings = 0;
  return {
    ...connection,
    exchange: async (commands) => {
      const answers = await connection.exchange(commands);
      return answers.map((answer, index) => {
        if (commands[index]?.[0] !== 'LRANGE') return answer;
        readings += 1;
        return readings === nth ? spoil(answer) : answer;
      });
    },
  };
}

async function readAll(connection: Connection): Promise<string[]> {
  const pages = new ParkedPages(connection, KEY, JOBS);
  const read: string[] = [];
  for (let some = await pages.next(); some.length > 0; some = await pages.next()) {
    for (const page of some) read.push(...page.payloads().reverse().map(String));
  }
  return read;
}

test.each<[string, (answer: Answer) => Answer, new () => Error]>([
  ['is refused', () => ({ error: 'ERR upstream failure' }), RefusedByRedis],
  ['is one job short', (answer) => ({ value: oneLess(answer) }), OutOfStep],
  ['is something else', () => ({ value: 17 }), OutOfStep],
])('where one page %s, nothing behind it is taken for it', async (_, spoil, expected) => {
  await using stage = await setPurgeStage();
  const jobs = Array.from({ length: JOBS }, (_, nth) => `{"jid":"${nth}"}`);
  await stage.redis.lpush(KEY, ...jobs);
  const connection = connect({ sidekiq: 'payroll', url: stage.server.url });
  expect(await readAll(connection)).toEqual(jobs);
  for (const nth of [1, 4, 8]) {
    await expect(readAll(spoiled(connection, nth, spoil))).rejects.toThrow(expected);
  }
  connection.close();
});

function oneLess(answer: Answer): Page {
  if (!('value' in answer) || !(answer.value instanceof Page)) throw new Error('no page');
  return Page.of(answer.value.payloads().slice(1));
}
