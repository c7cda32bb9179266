import fc from 'fast-check';
import { expect, test } from 'vitest';
import { growthOf } from '../../../src/core/attribution/climb.ts';
import { evidenceOf, observationsOf } from './incident.ts';

test('growth kept beat by beat is the growth of the lower envelope of the whole life', () => {
  const lives = fc.array(fc.integer({ min: 100, max: 900 }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(lives, (rssMb) => {
      const evidence = evidenceOf(observationsOf([{ beats: rssMb.map(() => ['AJob']), rssMb }]));
      const [process] = [...evidence.processes.values()];
      const diedAtMs = (rssMb.length - 1) * 10_000;
      const envelope = rssMb.map((_, beat) => Math.min(...rssMb.slice(beat)));
      const rises = envelope.slice(1).map((mb, beat) => {
        const ageS = (beat + 1) * 10;
        return Math.max(0, mb - (envelope[beat] ?? 0) - 3 - (ageS < 60 ? 25 * Math.exp(-ageS / 60) : 0));
      });
      const { totalKb, oldKb, shares } = growthOf(process?.climb ?? [], diedAtMs);
      expect(totalKb / 1024).toBeCloseTo(
        rises.reduce((sum, rise) => sum + rise, 0),
        6,
      );
      const old = rises.filter((_, beat) => diedAtMs - (beat + 1) * 10_000 > 120_000);
      expect(oldKb / 1024).toBeCloseTo(
        old.reduce((sum, rise) => sum + rise, 0),
        6,
      );
      for (const [, share] of shares) expect(share).toBeCloseTo(1, 9);
    }),
  );
});
