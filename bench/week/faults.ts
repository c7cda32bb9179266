import { setTimeout as pause } from 'node:timers/promises';
import type { ApiFault } from '../../src/sandbox/faults.ts';
import type { Random } from '../../src/sandbox/fleet/random.ts';
import { openFleetRedis } from '../../src/sandbox/fleet/redis-client.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Line } from '../../test/faults/line.ts';
import type { Clicks } from './clicks.ts';
import type { Sidekiq } from './fleets.ts';
import type { Replica } from './replicas.ts';

/** All that can be spoiled. */
export type Spoilable = {
  readonly sandbox: Sandbox;
  readonly clicks: Clicks;
  readonly replicas: readonly Replica[];
  readonly sidekiqs: readonly Sidekiq[];
  readonly restartPostgres: () => Promise<void>;
  readonly storeLine: Line;
  /** Faults that could not be played, which is a fault of the harness or of a bot that does not come back. */
  readonly unplayed: string[];
};

type Fault = {
  readonly name: string;
  readonly weight: number;
  readonly play: (stage: Spoilable, random: Random) => Promise<void>;
};

/** Between two faults, about. */
const EVERY_MS = 4000;
/** A connection that was cut is opened again within this, and so is a bot that was held up. */
const RECOVERS_MS = 1500;
const METHODS = [
  'chat.postMessage',
  'chat.update',
  'chat.postEphemeral',
  'response_url',
  'users.info',
  'conversations.info',
  'usergroups.users.list',
  'views.open',
  'views.publish',
  'apps.connections.open',
] as const;

const FAULTS: readonly Fault[] = [
  {
    name: 'bot killed',
    weight: 3,
    play: (stage, random) => onMortal(stage, random, 'killed', (bot) => bot.kill(random.between(0, 4000))),
  },
  {
    name: 'bot stopped',
    weight: 2,
    play: (stage, random) => onMortal(stage, random, 'deaf', (bot) => bot.restart()),
  },
  {
    name: 'bot frozen',
    weight: 1,
    play: async (stage, random) => {
      const bot = random.pick(stage.replicas as [Replica, ...Replica[]]);
      if (!bot.isBusy) await deafly(stage, 'deaf', () => bot.freeze(random.between(1000, 20_000)));
    },
  },
  {
    name: 'worker killed',
    weight: 4,
    play: (stage, random) => sidekiqOf(stage, random).killWorker(random.next()),
  },
  {
    name: 'Redis killed',
    weight: 2,
    play: (stage, random) => sidekiqOf(stage, random).restartRedis(),
  },
  {
    name: 'Redis hangs',
    weight: 1,
    play: async (stage, random) => {
      await using redis = await openFleetRedis(sidekiqOf(stage, random).server.port);
      await redis.call('CLIENT', 'PAUSE', Math.round(random.between(1000, 4000)), 'ALL');
    },
  },
  {
    name: 'Redis slow',
    weight: 2,
    play: async (stage, random) =>
      slowly(sidekiqOf(stage, random).line, random.between(50, 400), random.between(2000, 8000)),
  },
  {
    name: 'Redis line cut',
    weight: 3,
    play: async (stage, random) => sidekiqOf(stage, random).line.cut(),
  },
  {
    name: 'Redis answer lost',
    weight: 4,
    play: async (stage, random) => {
      sidekiqOf(stage, random).line.cutAfterAnswers = 1 + random.integer(60);
    },
  },
  {
    name: 'PostgreSQL killed',
    weight: 1,
    play: ({ restartPostgres }) => restartPostgres(),
  },
  {
    name: 'store answer lost',
    weight: 3,
    play: async ({ storeLine }, random) => {
      storeLine.cutAfterAnswers = 1 + random.integer(60);
    },
  },
  { name: 'store line cut', weight: 1, play: async ({ storeLine }) => storeLine.cut() },
  {
    name: 'store slow',
    weight: 1,
    play: ({ storeLine }, random) => slowly(storeLine, random.between(20, 200), random.between(2000, 6000)),
  },
  {
    name: 'Slack spoiled',
    weight: 5,
    play: async ({ sandbox: { faults } }, random) => {
      const kinds: readonly ApiFault[] = [
        { kind: 'rate_limited', retryAfterS: 1 + random.integer(3) },
        { kind: 'http', status: 500 },
        { kind: 'delay', delayMs: random.between(500, 4000) },
      ];
      const fault = kinds[random.integer(kinds.length)];
      if (fault !== undefined) faults.failNext(random.pick(METHODS), fault, 1 + random.integer(2));
    },
  },
  {
    name: 'Slack sockets cut',
    weight: 2,
    play: async (stage, random) => {
      const reason = random.pick<'warning' | 'refresh_requested' | undefined>([
        undefined,
        'warning',
        'refresh_requested',
      ] as const);
      await deafly(stage, 'deaf', async () => {
        stage.sandbox.cutSockets(reason);
        await pause(RECOVERS_MS);
      });
    },
  },
  {
    name: 'delivered twice',
    weight: 3,
    play: async ({ sandbox: { faults } }, random) => faults.deliverTwice(1 + random.integer(5)),
  },
  {
    name: 'delivered late',
    weight: 2,
    play: async ({ sandbox: { faults } }, random) => faults.delayNextDelivery(random.between(100, 1500)),
  },
];

/** Spoils something every few seconds until the signal; gives how often each fault was played. */
export async function spoil(
  stage: Spoilable,
  random: Random,
  ended: AbortSignal,
  counts: Map<string, number>,
): Promise<void> {
  const playing = new Set<Promise<void>>();
  const total = FAULTS.reduce((sum, { weight }) => sum + weight, 0);
  while (!ended.aborted) {
    await pause(random.between(0.5, 1.5) * EVERY_MS, undefined, { signal: ended }).catch(() => {});
    if (ended.aborted) break;
    let left = random.next() * total;
    const fault = FAULTS.find(({ weight }) => {
      left -= weight;
      return left <= 0;
    });
    if (fault === undefined) continue;
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
    const played: Promise<void> = fault
      .play(stage, random)
      .catch((error: unknown) => void stage.unplayed.push(`${fault.name}: ${String(error)}`))
      .finally(() => playing.delete(played));
    playing.add(played);
  }
  await Promise.all(playing);
  for (const line of [stage.storeLine, ...stage.sidekiqs.map((sidekiq) => sidekiq.line)]) {
    line.delayMs = 0;
    line.cutAfterAnswers = Number.POSITIVE_INFINITY;
  }
}

/** The first replica is never ended, so that it grows old and its memory can be seen; it is frozen and cut off as all are. */
async function onMortal(
  stage: Spoilable,
  random: Random,
  how: 'killed' | 'deaf',
  deed: (bot: Replica) => Promise<void>,
): Promise<void> {
  const [, ...mortal] = stage.replicas;
  const bot = mortal[random.integer(mortal.length)];
  if (bot !== undefined && !bot.isBusy) await deafly(stage, how, () => deed(bot));
}

/** People can't be heard meanwhile, by whichever bot it meets. */
async function deafly(
  { clicks }: Spoilable,
  how: 'killed' | 'deaf',
  deed: () => Promise<void>,
): Promise<void> {
  const hears = clicks.deafen(how === 'killed');
  try {
    await deed();
  } finally {
    hears();
  }
}

async function slowly(line: Line, delayMs: number, forMs: number): Promise<void> {
  line.delayMs = delayMs;
  await pause(forMs);
  line.delayMs = 0;
}

function sidekiqOf({ sidekiqs }: Spoilable, random: Random): Sidekiq {
  return random.pick(sidekiqs as [Sidekiq, ...Sidekiq[]]);
}
