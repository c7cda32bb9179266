import { expect, test } from 'vitest';
import { thawAlerts } from '../../src/core/alerts/memory.ts';
import { alertsId } from '../../src/flow/alert.ts';
import { notesOver } from '../../src/flow/notes.ts';
import type { Message } from '../../src/sandbox/page/api.ts';
import { openStore } from '../../src/store/open.ts';
import { eventually } from '../eventually.ts';
import { type PostgresServer, startPostgresServer } from '../postgres-server.ts';
import { Line } from './line.ts';
import { CHANNEL, type Night, startNight } from './night.ts';
import { mountSmallDisk } from './small-disk.ts';

/** PostgreSQL often dies together with the fleet: what people must know is told all the same, and by one bot. */

const WATCHING = /^poison_control_watching\{sidekiq="payroll"\} (\d)$/m;
const STORE_UP = /^poison_control_store_up (\d)$/m;
/** A lease and a look, on a busy machine; or a question that nobody answers, and the next. */
const SOON_MS = 60_000;

/** What was posted of it in the channel, not in a thread. */
function posts({ sandbox }: Night): readonly Message[] {
  return sandbox.people
    .messagesSeenBy('U0BEN', CHANNEL)
    .filter(
      ({ isEphemeral, threadTs, text }) => !isEphemeral && threadTs === undefined && REFUSES.test(text),
    );
}
const REFUSES = /Redis (?:refuses|takes)/;

/** Redis refuses every write from now on; that is told when it has lasted for half a minute. */
const refuse = ({ redis }: Night) => redis.config('SET', 'maxmemory', '1');
const accept = ({ redis }: Night) => redis.config('SET', 'maxmemory', '0');

/** As whoever starts next would read it. */
async function toldIn(databaseUrl: string): Promise<readonly string[]> {
  await using store = await openStore(databaseUrl, { isReadOnly: true });
  const text = await notesOver(store).load(alertsId('payroll'));
  return text === undefined ? [] : thawAlerts(text).digests.map(({ message }) => message.id);
}

/** Ways in which a PostgreSQL goes, and comes back. */
const WAYS = {
  killed: {
    go: (postgres: PostgresServer, _: Line) => postgres.kill(),
    comeBack: (postgres: PostgresServer, _: Line) => postgres.start(),
  },
  silent: {
    go: async (_: PostgresServer, line: Line) => line.fallSilent(),
    comeBack: async (_: PostgresServer, line: Line) => line.speakAgain(),
  },
};

/** A bot that watches, with a line to its PostgreSQL that may fall silent; it gives up a question after four seconds. */
async function startBehindLine() {
  await using opened = new AsyncDisposableStack();
  const postgres = opened.use(await startPostgresServer());
  const line = opened.use(await new Line(postgres.port).open());
  const direct = await postgres.createDatabase();
  const url = new URL(`${direct}?query_timeout=4000`);
  url.port = String(line.port);
  const behindLine = url.href;
  const night = opened.use(await startNight({ databaseUrl: behindLine, alerts: CHANNEL }));
  await eventually(async () => (await night.metric(WATCHING)) === 1);
  const open = opened.move();
  return { postgres, line, direct, behindLine, night, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

test.each(['killed', 'silent'] as const)(
  'PostgreSQL %s: what begins then is told once, by the bot that watched; back, it is written, and the next bot goes on in that message',
  async (way) => {
    await using stage = await startBehindLine();
    const { postgres, line, direct, behindLine, night } = stage;
    const other = await night.startAnother(behindLine);
    await WAYS[way].go(postgres, line);
    await eventually(async () => (await night.metric(STORE_UP)) === 0);
    await refuse(night);
    await eventually(() => posts(night).length > 0, 2 * SOON_MS);
    expect(await night.metric(WATCHING)).toBe(1);
    expect(await other.metric(WATCHING)).toBe(0);
    const [post] = posts(night);
    if (post === undefined) throw new Error('no post');
    // Nothing that could be kept; said so, and not as a fault of the bot.
    const { people } = night.sandbox;
    const isTold = () =>
      people.messagesSeenBy('U0BEN', CHANNEL).some(({ text }) => /store failed/.test(text));
    await people.pressButton('U0BEN', post, 'Acknowledge');
    await eventually(isTold, SOON_MS);

    await WAYS[way].comeBack(postgres, line);
    await eventually(async () => (await toldIn(direct)).includes(post.ts), SOON_MS);
    expect(await night.metric(WATCHING)).toBe(1);
    expect(await other.metric(WATCHING)).toBe(0);

    night.bot.signal('SIGKILL');
    await eventually(async () => (await other.metric(WATCHING)) === 1, 2 * SOON_MS);
    await accept(night);
    await eventually(async () => {
      const now = night.sandbox.people.messagesSeenBy('U0BEN', CHANNEL).find(({ ts }) => ts === post.ts);
      return /over after/.test(now?.text ?? '');
    }, 2.5 * SOON_MS);
    expect(posts(night)).toHaveLength(1);
  },
  480_000,
);

test('one bot’s line to PostgreSQL falls silent in the middle of its purge: who presses is told that nothing was recorded, another takes it up, nothing is lost or doubled; what begins is told, and in the end one watches', async () => {
  await using stage = await startBehindLine();
  const { line, direct, night } = stage;
  await night.fill(20_000);
  const message = await night.propose();
  await night.approveAndCatch(message, 20_000);
  line.fallSilent();
  night.line.delayMs = 0;
  await eventually(async () => (await night.metric(STORE_UP)) === 0);
  await night.ask('health', /payroll/);
  const { people } = night.sandbox;
  const running = people.messagesSeenBy('U0ANN', CHANNEL).find(({ ts }) => ts === message.ts) ?? message;
  await people.pressButton('U0ANN', running, 'Stop');
  await eventually(
    () =>
      people
        .messagesSeenBy('U0ANN', CHANNEL)
        .some(({ isEphemeral, text }) => isEphemeral && /does not answer.*Nothing was written/s.test(text)),
    SOON_MS,
  );
  const other = await night.startAnother(direct);
  await night.takesAll(message, 20_000, 2 * SOON_MS);
  await eventually(async () => (await other.metric(WATCHING)) === 1, SOON_MS);
  await refuse(night);
  await eventually(() => posts(night).length > 0, 2 * SOON_MS);

  line.speakAgain();
  await eventually(async () => (await night.metric(WATCHING)) === 0, SOON_MS);
  expect(await other.metric(WATCHING)).toBe(1);
  // Each of the two that saw it told it once at most.
  expect(posts(night).length).toBeLessThanOrEqual(2);
  expect(await night.left()).toEqual({ bad: 0, fine: 20_000 });
}, 480_000);

// Only Linux has a tmpfs to be mounted.
test.skipIf(process.platform !== 'linux')(
  'a disk that is full under SQLite: what begins then is told once, and written when there is room',
  async () => {
    await using disk = await mountSmallDisk(32);
    const databaseUrl = `sqlite:${disk.path}/store.sqlite`;
    await using night = await startNight({ databaseUrl, alerts: CHANNEL });
    await eventually(async () => (await night.metric(WATCHING)) === 1);
    await disk.fillUp();
    await refuse(night);
    await eventually(() => posts(night).length > 0, 2 * SOON_MS);
    await disk.makeRoom();
    const [post] = posts(night);
    await eventually(async () => (await toldIn(databaseUrl)).includes(post?.ts ?? ''), SOON_MS);
    expect(posts(night)).toHaveLength(1);
  },
  240_000,
);
