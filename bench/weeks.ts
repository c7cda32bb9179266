import { plainText } from '../src/core/reply/text.ts';
import type { Report } from '../src/core/report/report.ts';
import { MINUTE_MS } from '../test/snapshots.ts';
import { aWorldStore, playWorld, type Said } from '../test/weeks/play.ts';
import { aWorld, type World } from '../test/weeks/world.ts';
import type { Benchmark } from './benchmark.ts';
import type { Figure } from './figure.ts';

const LOOK_MS = 5000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;

/**
 * Six made-up weeks played at speed through the code that runs at night, from an empty store on: what the channel was told by
 * alerts and morning posts, against what was true. Forty-one nights are quiet; in one a class kills the workers. Seed 1 is the payroll of the story;
 * with another seed all its figures are others.
 */
export const weeks: Benchmark = {
  name: 'weeks',
  async run({ seed = 1 }) {
    const world = aWorld(seed);
    await using opened = await aWorldStore();
    const startedAtMs = performance.now();
    const span = { fromMs: world.fromMs, toMs: world.toMs, closeMs: LOOK_MS };
    const mornings: Report[] = [];
    const said = await playWorld(opened.store, world, span, {
      onHour: (atMs, news) => tellOnTheWay(world, atMs, news),
      onMorning: (report) => mornings.push(report),
    });
    const tookMs = performance.now() - startedAtMs;
    return [
      ...figuresOf(world, said),
      ...morningFigures(world, mornings),
      { what: 'six weeks took', value: tookMs / 1000, unit: 's' },
    ];
  },
};

function figuresOf(world: World, said: readonly Said[]): readonly Figure[] {
  const { incident } = world;
  const posts = said.filter(({ kind }) => kind === 'post');
  const ofIncident = posts.filter((post) => isOfIncident(world, post));
  const [first] = ofIncident;
  const last = said.findLast(({ message, kind }) => message === first?.message && kind === 'reply');
  return [
    {
      what: 'alerts on quiet days and nights',
      value: posts.length - ofIncident.length,
      unit: 'messages',
      atMost: 0,
    },
    { what: 'messages about the incident', value: ofIncident.length, unit: 'messages', atMost: 1 },
    {
      what: 'from its beginning to the message',
      value: minutes(first, incident.fromMs),
      unit: 'min',
      atMost: 3,
    },
    { what: 'from its end to the last word', value: minutes(last, incident.toMs), unit: 'min', atMost: 5 },
  ];
}

/** What the morning posts said, against what was true. */
function morningFigures({ incident }: World, mornings: readonly Report[]): readonly Figure[] {
  const isOfIncident = ({ morning }: Report): boolean =>
    morning.night.range.fromMs < incident.toMs && morning.nowMs > incident.fromMs;
  const [bad, quiet] = [mornings.filter(isOfIncident), mornings.filter((report) => !isOfIncident(report))];
  const noisy = quiet.filter(({ notable }) => notable.length > 0);
  for (const { morning, notable } of noisy)
    console.error(
      `  ${new Date(morning.nowMs).toISOString()} NOTABLE: ${notable.map(({ text }) => plainText(text)).join(' ')}`,
    );
  const words = bad.flatMap(({ notable }) => notable.map(({ text }) => plainText(text))).join(' ');
  return [
    { what: 'mornings after quiet nights', value: quiet.length, unit: 'messages' },
    // Each is told on the way: the world has bursts, and a post says what was out of its usual range.
    { what: '  that call something notable', value: noisy.length, unit: 'messages' },
    {
      what: '  that say the night has not finished',
      value: quiet.filter(({ finish }) => finish.type === 'unfinished' || finish.type === 'unseen').length,
      unit: 'messages',
      atMost: 0,
    },
    {
      what: 'the morning after the incident does not name crashes and culprit',
      value: bad.length === 1 && /crashed/.test(words) && /DisasterJob/.test(words) ? 0 : 1,
      unit: 'messages',
      atMost: 0,
    },
  ];
}

/** Each week that is done, and each alert that was none: a run that takes minutes is to teach something before its end. */
function tellOnTheWay(world: World, atMs: number, news: readonly Said[]): void {
  for (const said of news) {
    if (said.kind === 'post' && !isOfIncident(world, said))
      console.error(`  ${new Date(said.atMs).toISOString()} FALSE ALERT: ${said.words} ${said.detail}`);
  }
  const weeksDone = (atMs - world.fromMs) / WEEK_MS;
  if (Number.isInteger(weeksDone)) console.error(`  week ${weeksDone} is played`);
}

function isOfIncident({ incident }: World, { atMs }: Said): boolean {
  return atMs >= incident.fromMs && atMs <= incident.toMs;
}

/** Never said is infinitely late. */
function minutes(said: Said | undefined, sinceMs: number): number {
  return said === undefined ? Number.POSITIVE_INFINITY : (said.atMs - sinceMs) / MINUTE_MS;
}
