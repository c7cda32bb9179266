import { MINUTE_MS } from '../test/snapshots.ts';
import { aWorldStore, playWorld, type Said } from '../test/weeks/play.ts';
import { INCIDENT, WORLD_FROM_MS, WORLD_TO_MS } from '../test/weeks/world.ts';
import type { Benchmark } from './benchmark.ts';

const LOOK_MS = 5000;

/**
 * Six made-up weeks played at speed through the code that runs at night, from an empty store on: what the channel was told,
 * against what was true. Forty-one nights are quiet; in one a class kills the workers.
 */
export const weeks: Benchmark = {
  name: 'weeks',
  async run() {
    await using opened = await aWorldStore();
    const startedAtMs = performance.now();
    const span = { fromMs: WORLD_FROM_MS, toMs: WORLD_TO_MS, closeMs: LOOK_MS };
    const said = await playWorld(opened.store, span);
    const tookMs = performance.now() - startedAtMs;
    const posts = said.filter(({ kind }) => kind === 'post');
    const ofIncident = posts.filter(isOfIncident);
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
        value: minutes(first, INCIDENT.fromMs),
        unit: 'min',
        atMost: 3,
      },
      { what: 'from its end to the last word', value: minutes(last, INCIDENT.toMs), unit: 'min', atMost: 5 },
      { what: 'six weeks took', value: tookMs / 1000, unit: 's' },
    ];
  },
};

function isOfIncident({ atMs }: Said): boolean {
  return atMs >= INCIDENT.fromMs && atMs <= INCIDENT.toMs;
}

/** Never said is infinitely late. */
function minutes(said: Said | undefined, sinceMs: number): number {
  return said === undefined ? Number.POSITIVE_INFINITY : (said.atMs - sinceMs) / MINUTE_MS;
}
