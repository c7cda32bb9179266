import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import type { Message } from '../../src/sandbox/page/api.ts';
import { eventually } from '../eventually.ts';
import { CHANNEL, reads, setStage } from './stage.ts';
import { startWorker } from './worker.ts';

const isLoop = (message: Message): boolean =>
  !message.isEphemeral && message.threadTs === undefined && message.text.includes('keep crashing');

test('a crash loop is one message, over a restart of the bot too, and a button mutes it', async () => {
  await using stage = await setStage({ alerts: { channel: CHANNEL } });
  const { people } = stage.sandbox;
  const redis = new Redis(stage.redisUrl);
  const loops = () => people.messagesSeenBy('U0BEN', CHANNEL).filter(isLoop);
  /** How often the bot has looked: each snapshot begins with Redis's own time. */
  const looks = async (): Promise<number> =>
    Number(/cmdstat_time:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
  /** It beats for as long as the bot needs to have looked twice, is killed, and its hash expires. */
  const crash = async (host: string) => {
    const worker = await startWorker(stage.redisUrl, host);
    const before = await looks();
    await eventually(async () => (await looks()) >= before + 2);
    await worker[Symbol.asyncDispose]();
    await redis.del(worker.identity);
  };
  const first = await stage.startBot();
  await Promise.all(['worker-1', 'worker-2', 'worker-3'].map(crash));
  const message = await people.waitForMessage('U0BEN', isLoop, 20_000);
  expect(message.text).toContain('3 since');
  await first.stop();

  await stage.startBot();
  await people.pressButton('U0BEN', message, 'Mute 1 h');
  await reads(stage, message, 'Muted by', 60_000);
  expect(loops()).toHaveLength(1);
  await redis.quit();
});
