import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FleetPlan, type JobKind, randomFrom, simulateFleet } from '../test/core/attribution/fleet.ts';

/**
 * `node bench/attribution-fleets.ts FOLDER [PER_FAMILY] [SEED]`: writes made-up traces and their truth, in the formats of the replay
 * and its scorer, with parameters and families that the recorded traces do not have. A change of the model has to be
 * clear on both to be kept.
 */
const FAMILIES: Record<
  string,
  (random: () => number) => { readonly culprits: readonly JobKind[]; readonly plan?: Partial<FleetPlan> }
> = {
  rare: (random) => ({
    culprits: [
      {
        name: 'Bad1Job',
        weight: 0.01 + 0.04 * random(),
        meanS: 5 + 60 * random(),
        killsPerHour: 20 + 400 * random(),
      },
    ],
  }),
  common: (random) => ({
    culprits: [
      { name: 'Bad1Job', weight: 0.5 + random(), meanS: 10 + 60 * random(), killsPerHour: 1 + 5 * random() },
    ],
  }),
  quick: (random) => ({
    culprits: [{ name: 'Bad1Job', weight: 0.01 + 0.04 * random(), meanS: 2, killsPerHour: 900 }],
  }),
  ramp: (random) => ({
    culprits: [
      {
        name: 'Bad1Job',
        weight: 0.05 + 0.1 * random(),
        meanS: 30 + 60 * random(),
        growsMbPerS: 5 + 20 * random(),
      },
    ],
  }),
  leak: (random) => ({
    culprits: [
      {
        name: 'Bad1Job',
        weight: 0.05 + 0.3 * random(),
        meanS: 5 + 10 * random(),
        leaksMb: 15 + 60 * random(),
      },
    ],
  }),
  oneBad: (random) => ({
    culprits: [
      {
        name: 'Bad1Job',
        weight: 0.3 + random(),
        meanS: 20 + 40 * random(),
        killsPerHour: 300,
        harmfulOneIn: 100 + 300 * random(),
      },
    ],
  }),
  two: (random) => ({
    culprits: [1, 2].map((n) => ({
      name: `Bad${n}Job`,
      weight: 0.01 + 0.1 * random(),
      meanS: 5 + 60 * random(),
      killsPerHour: 20 + 100 * random(),
    })),
  }),
  onset: (random) => ({
    culprits: [
      {
        name: 'Bad1Job',
        weight: 0.02 + 0.2 * random(),
        meanS: 10 + 40 * random(),
        killsPerHour: 60,
        fromHour: 1 + random(),
      },
    ],
  }),
  calm: (random) => ({ culprits: [], plan: { background: 0.2 + 2 * random() } }),
  loop: (random) => ({ culprits: [], plan: { background: 6 + 20 * random() } }),
  evicted: (random) => ({
    culprits: [],
    plan: { background: 0.05, evictions: 0.3 + 2 * random(), perHost: 2 + Math.floor(3 * random()) },
  }),
};

const [folder = 'fleets', perFamily = '10', firstSeed = '1'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const truth: string[] = [];
let seed = Number(firstSeed) * 100_000;
for (const [family, build] of Object.entries(FAMILIES)) {
  for (let number = 0; number < Number(perFamily); number++) {
    seed++;
    const random = randomFrom(seed);
    const { culprits, plan } = build(random);
    const innocents = Array.from({ length: 6 + Math.floor(40 * random()) }, (_, index): JobKind => {
      return {
        name: `Fine${index}Job`,
        weight: 1 / (index + 1),
        meanS: 2 + 80 * random() ** 3 + (random() < 0.05 ? 600 : 0),
        takesMb: 40 * random(),
      };
    });
    const fetch = (['basic', 'reliable', 'super'] as const)[seed % 3] ?? 'basic';
    const { lines, causes } = simulateFleet({
      seed,
      hours: 3,
      processes: 2 + Math.floor(12 * random()),
      threads: 3 + Math.floor(15 * random()),
      perHost: 1 + Math.floor(3 * random()),
      fetch,
      load: 0.02 + 0.4 * random(),
      limitMb: 2500,
      background: 0.3 * random() ** 2,
      evictions: random() < 0.3 ? 0.1 : 0,
      deployEveryHours: random() < 0.5 ? 1.3 : 0,
      classes: [...innocents, ...culprits],
      ...plan,
    });
    const crashes = causes.map((cause) =>
      cause === 'infra' ? { cause } : { cause: 'culprit', class: cause },
    );
    truth.push(
      JSON.stringify({
        trace: `s${seed}`,
        family,
        fetch,
        culprits: culprits.map(({ name }) => name),
        bad_job: family === 'oneBad',
        crashes,
      }),
    );
    writeFileSync(join(folder, `s${seed}.jsonl.gz`), gzipSync(lines.join('\n')));
  }
}
writeFileSync(join(folder, 'truth.jsonl'), `${truth.join('\n')}\n`);
