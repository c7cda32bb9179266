import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Message } from '../../src/sandbox/page/api.ts';
import { eventually } from '../eventually.ts';
import { CHANNEL, startNight } from '../faults/night.ts';
import { startWorker } from './worker.ts';

const READING = /^user poison-control .*$/m.exec(readFileSync('docs/redis-user.md', 'utf8'))?.[0] ?? '';

/** A first start asks for what Sidekiq counted in each day of a year. */
const DAYS_OF_HISTORY = 365;

const callsIn = (stats: string, command: string): number =>
  Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(stats)?.[1] ?? 0);

test('a bot that looks as the documented reading user leaves no refusal in Redis’s ACL LOG, whatever it is asked', async () => {
  await using night = await startNight({
    redis: [READING.replace('>PASSWORD', '>hunter2')],
    user: 'poison-control:hunter2',
  });
  const { redis, server, sandbox } = night;
  const nowS = Date.now() / 1000;
  await night.fill(50);
  for (const set of ['retry', 'schedule', 'dead'])
    await redis.zadd(
      set,
      nowS - 7200,
      `{"class":"A"}`,
      nowS - 5,
      `{"class":"B"}`,
      nowS + 3600,
      `{"class":"C"}`,
    );
  await redis.lpush('queue:sq|gone:1:0123456789ab|default', '{"class":"A","jid":"a","queue":"default"}');

  // The watcher sees a process live and, without another word of it, not live; and the history begins.
  const worker = await startWorker(server.url, 'worker-0');
  await night.ask('health', /1 process/);
  await eventually(async () => callsIn(await redis.info('commandstats'), 'get') > DAYS_OF_HISTORY);
  await worker[Symbol.asyncDispose]();
  await redis.del(worker.identity);
  await redis.srem('processes', worker.identity);
  await night.ask('health', /no process|0 processes/i);

  await night.ask('backlog', /Recurring::DisasterJob/);
  await night.ask('backlog default', /Recurring::DisasterJob/);
  await night.ask('suspects', /./);
  await night.ask('suspects --why Recurring::DisasterJob', /./);
  await night.ask('report', /./);
  await night.ask('migrate', /./);
  await night.propose();

  const { people } = sandbox;
  const isShared = ({ isEphemeral, text }: Message) => !isEphemeral && text.includes('Shared by');
  const answer = people.messagesSeenBy('U0ANN', CHANNEL).find(({ text }) => /1 process/.test(text));
  if (answer === undefined) throw new Error('health was not answered');
  await people.pressButton('U0ANN', answer, 'Share');
  const shared = await people.waitForMessage('U0ANN', isShared);
  await people.pressButton('U0ANN', shared, 'Watch live 30 min');
  await night.reads(shared, /Live until/);
  expect(await redis.acl('LOG')).toEqual([]);
}, 120_000);
