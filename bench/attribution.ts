import { believe } from '../src/core/attribution/belief.ts';
import { observe, startEvidence } from '../src/core/attribution/evidence.ts';
import { freeze, thaw } from '../src/core/attribution/frozen.ts';
import { summarise } from '../src/core/attribution/summary.ts';
import { verdictOf } from '../src/core/attribution/verdict.ts';
import { median } from './benchmark.ts';

/**
 * `node bench/attribution.ts [--json]`: the cost of the engine at the size that the issue asks for (200 crashes, 150
 * classes: one verdict under 50 ms) and in a large fleet (500 processes of 25 threads, a day of evidence).
 */
const CLASSES = 150;
const PROCESSES = 500;
const THREADS = 25;
const MINUTES = 24 * 60;

let seed = 1;
function random(): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}

const jobs = (of: string) =>
  Array.from({ length: THREADS }, (_, thread) => ({
    jid: `${of}-${thread}`.padStart(24, '0'),
    jobClass: `Namespace::Class${Math.floor(CLASSES * random() ** 2)}Job`,
  }));

const evidence = startEvidence();
for (let p = 0; p < PROCESSES; p++) {
  const queues = p % 3 === 0 ? ['critical'] : ['default', 'low'];
  observe(evidence, {
    kind: 'process seen',
    identity: `${p}`,
    host: `host-${p}`,
    queues,
    concurrency: 25,
    startedAtMs: 0,
  });
}
const beatsMs: number[] = [];
for (let minute = 0; minute < MINUTES; minute++) {
  for (let p = 0; p < PROCESSES; p++) {
    // A tenth of the fleet a minute: every class and stratum is there all day, and the bench ends in time.
    if (p % 10 !== minute % 10) continue;
    for (const second of [0, 10]) {
      const beat = {
        kind: 'beat',
        identity: `${p}`,
        atMs: minute * 60_000 + second * 1000 + p,
        inFlight: jobs(`${minute}-${p}`),
      } as const;
      const rssKb = 300_000 + Math.round(500_000 * random());
      const start = performance.now();
      observe(evidence, { ...beat, rssKb });
      beatsMs.push(performance.now() - start);
    }
  }
}
for (let p = 0; p < 200; p++) {
  observe(evidence, { kind: 'process crashed', identity: `${p}`, lastBeatAtMs: MINUTES * 60_000 - p * 1000 });
}

/** The median of some runs, after some to warm up. */
function medianMs(run: () => unknown): number {
  const times = Array.from({ length: 25 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return median(times.slice(5));
}

const summary = summarise(evidence);
const belief = believe(summary);
const frozen = freeze(evidence);
const figures = {
  crashes: summary.crashes.length,
  classes: summary.classes.length,
  beatUs: (1000 * beatsMs.reduce((sum, ms) => sum + ms, 0)) / beatsMs.length,
  summariseMs: medianMs(() => summarise(evidence)),
  believeMs: medianMs(() => believe(summary)),
  verdictMs: medianMs(() => verdictOf(summary, belief)),
  freezeMs: medianMs(() => freeze(evidence)),
  thawMs: medianMs(() => thaw(frozen)),
  frozenMb: frozen.length / 2 ** 20,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
else
  for (const [name, figure] of Object.entries(figures))
    console.log(name.padEnd(14), Math.round(figure * 100) / 100);
