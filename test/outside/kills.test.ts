import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { actionsOf, auditOf, type Bot, CHANNEL, isProposal, type Stage, setStage } from './stage.ts';
import { startWorker, type Worker } from './worker.ts';

const KILLS = 50;
/** From the command to the end of a run it takes about two seconds. */
const LIFE_MS = 2500;
/** Each round proposes for the next of these; none is quieted twice, because quiet cannot be undone. */
const HOSTS = Array.from({ length: KILLS }, (_, index) => `host-${String(index).padStart(2, '0')}-`);

const FINAL = ['done', 'stopped', 'failed', 'denied', 'cancelled', 'expired'];

test(`killed at ${KILLS} random instants, every action ends in one true state, is done at most once, and the chain holds`, async () => {
  await using stage = await setStage();
  await using workers = new AsyncDisposableStack();
  const byHost = new Map<string, Worker>();
  for (const host of [...HOSTS, 'host-spare']) {
    byHost.set(host, workers.use(await startWorker(stage.redisUrl, host, 500)));
  }
  let bot = await stage.startBot();
  for (const host of HOSTS) {
    const round = proposeAndApprove(stage, host);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LIFE_MS));
    bot = await killAndStart(stage, bot);
    await round;
  }
  await eventually(async () => (await begun(stage)).every(({ ends }) => ends.length > 0), 60_000);

  expect((await auditOf(stage)).verified.code).toBe(0);
  const actions = await begun(stage);
  expect(actions.length).toBeGreaterThan(KILLS / 2);
  for (const { id, host, told, ends } of actions) {
    expect(ends, id).toHaveLength(1);
    expect(told.filter((what) => what === 'started').length, id).toBeLessThanOrEqual(1);
    expect(byHost.get(host)?.signals, id).toEqual(ends[0] === 'done' ? ['TSTP'] : []);
  }
  const ended = new Map(actions.map(({ id, ends }) => [id, ends[0]]));
  for (const { id, state } of await actionsOf(stage)) expect(state).toBe(ended.get(id) ?? 'proposed');
}, 900_000);

/** Goes on with whatever the bot was killed in: a person who sees a button presses it. */
async function proposeAndApprove(stage: Stage, host: string): Promise<void> {
  const { people } = stage.sandbox;
  const text = `/sidekiq quiet ${host} --reason it hinders the migration`;
  await people.say({ as: 'U0ANN', channel: CHANNEL, text });
  const isMine = (text: string) => text.includes(host);
  const seen = await people
    .waitForMessage('U0BEN', (message) => isProposal(message) && isMine(message.text), 3000)
    .catch(() => undefined);
  if (seen?.text.includes('waits for approval') === true) {
    await people.pressButton('U0BEN', seen, 'Approve').catch(() => undefined);
  }
}

async function killAndStart(stage: Stage, bot: Bot): Promise<Bot> {
  await bot.kill();
  return stage.startBot();
}

/** Every action that was approved: one that nobody saw in time simply waits, which is true. */
async function begun(stage: Stage) {
  const { records } = await auditOf(stage);
  const byId = Map.groupBy(records, ({ proposalId }) => proposalId ?? '');
  return [...byId]
    .filter(([id, lines]) => id !== '' && lines.some(({ what }) => what === 'approved'))
    .map(([id, lines]) => {
      const told = lines.map(({ what }) => what);
      const host = /^quiet ([^:]+):/.exec(lines[0]?.result ?? '')?.[1] ?? '';
      return { id, host, told, ends: told.filter((what) => FINAL.includes(what)) };
    });
}
