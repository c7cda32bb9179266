import { expect, test } from 'vitest';
import { MINUTE_MS } from '../snapshots.ts';
import { aWorldStore, fillPast, playWorld } from '../weeks/play.ts';
import { aWorld } from '../weeks/world.ts';

/** Some thousand looks through the whole of it, on a machine that does other things too. */
const WITHIN_MS = 180_000;

/** The benchmark `weeks` plays all six weeks; here it is the night of the incident and the one before. */

const HOUR_MS = 60 * MINUTE_MS;

test(
  'after five weeks a maintenance night is quiet, and the incident is one message from its beginning to its end',
  async () => {
    const world = aWorld(1);
    const { incident } = world;
    await using opened = await aWorldStore();
    const { store } = opened;
    const quiet = { fromMs: incident.fromMs - 26 * HOUR_MS, toMs: incident.fromMs - 21 * HOUR_MS };
    await fillPast(store, world, quiet.fromMs);
    expect(await playWorld(store, world, { ...quiet, closeMs: MINUTE_MS })).toEqual([]);
    expect(await store.samples('payroll', 'minute', [quiet])).toHaveLength(5 * 60 - 1);

    const night = { fromMs: incident.fromMs - HOUR_MS, toMs: incident.toMs + HOUR_MS };
    const said = await playWorld(store, world, { ...night, closeMs: 15_000 });
    const posts = said.filter(({ kind }) => kind === 'post');
    expect(posts).toHaveLength(1);
    const announcedMs = posts[0]?.atMs ?? 0;
    expect(announcedMs).toBeGreaterThanOrEqual(incident.fromMs);
    expect(announcedMs).toBeLessThanOrEqual(incident.fromMs + 3 * MINUTE_MS);
    const last = said.at(-1);
    expect(last).toMatchObject({
      kind: 'reply',
      words: expect.stringMatching(/^payroll: over after 1 h 4\d min: /),
    });
    expect(last?.atMs).toBeLessThanOrEqual(incident.toMs + 5 * MINUTE_MS);
    expect(said.some(({ words }) => /jobs wait, usually [\d,]+ at this hour/.test(words))).toBe(true);

    const incidents = await store.incidents('payroll', night);
    expect(incidents.filter(({ bendsFigures }) => bendsFigures).length).toBeGreaterThanOrEqual(2);
    expect(incidents.every(({ untilMs }) => untilMs !== undefined)).toBe(true);
  },
  WITHIN_MS,
);
