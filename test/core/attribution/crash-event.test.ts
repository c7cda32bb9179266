import { expect, test } from 'vitest';
import { crashEvents } from '../../../src/core/attribution/crash-event.ts';

const lost = (host: string, atMs: number, startedAtMs = 0) => ({ host, atMs, startedAtMs });

test('processes of one host that are lost within seconds are one event and share its weight', () => {
  const { events, weights } = crashEvents([
    lost('a', 1000),
    lost('b', 2000),
    lost('a', 9000),
    lost('a', 99_000),
  ]);
  expect(events).toEqual([0, 1, 0, 2]);
  expect([...weights]).toEqual([0.5, 1, 0.5, 1]);
});

test('a successor that dies within seconds of its predecessor is an event of its own', () => {
  const { events } = crashEvents([lost('a', 1000), lost('a', 6000, 3000), lost('a', 11_000, 8000)]);
  expect(events).toEqual([0, 1, 2]);
});

test('whichever of two that were lost at the same moment is told first, the one that was there before belongs to what came before', () => {
  const first = lost('a', 1000);
  const [old, successor] = [lost('a', 6000), lost('a', 6000, 3000)];
  expect(crashEvents([first, old, successor]).events).toEqual([0, 0, 1]);
  expect(crashEvents([successor, old, first]).events).toEqual([1, 0, 0]);
});
