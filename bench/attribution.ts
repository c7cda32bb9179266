import { believe } from '../src/core/attribution/belief.ts';
import { observe, startEvidence } from '../src/core/attribution/evidence.ts';
import { freeze, thaw } from '../src/core/attribution/frozen.ts';
import { summarise } from '../src/core/attribution/summary.ts';
import { verdictOf } from '../src/core/attribution/verdict.ts';
import { randomFrom } from '../test/core/attribution/fleet.ts';
import type { Benchmark } from './benchmark.ts';
import { type Figure, median, ofRounds } from './figure.ts';

const FLEETS = [5, 50, 500, 1000];
/** The bars are of this one. */
const PROCESSES = 500;
const CLASSES = 150;
const CRASHES = 200;
const THREADS = 25;
const HOURS = 24;
const [ROUNDS, WARM_UP_ROUNDS] = [20, 5];

/**
 * What naming the culprit costs, after a day of evidence and 200 crashes in 150 classes: a verdict, and each beat that is
 * taken down meanwhile. How right it is, is scored elsewhere (test/core/attribution).
 */
export const attribution: Benchmark = {
  name: 'attribution',
  run: async () => {
    const figures: Figure[] = [];
    let smallestMs = Number.NaN;
    // The first one warms the compiler and does not count.
    measure(PROCESSES / 10);
    for (const processes of FLEETS) {
      const { beatMs, answerMs, keepMs, frozenMb } = measure(processes);
      if (processes === FLEETS[0]) smallestMs = median(beatMs);
      const growth = beatMs.map((ms) => ms / smallestMs);
      const bar = processes === PROCESSES ? { atMost: 50 } : {};
      figures.push(
        {
          what: `who is it, of ${processes} processes x ${THREADS} threads`,
          ...ofRounds(answerMs),
          unit: 'ms',
          ...bar,
        },
        { what: '  a beat taken down, in each hour of the day', ...ofRounds(beatMs), unit: 'ms' },
        { what: `  … against ${FLEETS[0]} processes`, ...ofRounds(growth), unit: 'x', atMost: 3 },
        { what: '  evidence written and read again', ...ofRounds(keepMs), unit: 'ms' },
        { what: '  its size', value: frozenMb, unit: 'MB' },
      );
    }
    return figures;
  },
};

function measure(processes: number) {
  const random = randomFrom(1);
  const evidence = startEvidence();
  const start = (identity: string, nth: number): void => {
    const queues = nth % 3 === 0 ? ['critical'] : ['default', 'low'];
    const seen = { identity, host: `host-${nth}`, queues, concurrency: THREADS, startedAtMs: 0 };
    observe(evidence, { kind: 'process seen', ...seen });
  };
  for (let p = 0; p < processes; p++) start(`${p}`, p);
  const hours = Array.from({ length: HOURS }, () => ({ beats: 0, tookMs: 0 }));
  for (let minute = 0; minute < HOURS * 60; minute++) {
    const hour = hours[Math.floor(minute / 60)] ?? { beats: 0, tookMs: 0 };
    // A tenth of a large fleet a minute: every class and stratum is there all day, and the benchmark ends in time.
    const part = processes < PROCESSES ? 1 : 10;
    for (let p = minute % part; p < processes; p += part) {
      for (const second of [0, 10]) {
        const beat = {
          kind: 'beat',
          identity: `${p}`,
          atMs: minute * 60_000 + second * 1000 + p,
          inFlight: jobs(`${minute}-${p}`, random),
        } as const;
        const rssKb = 300_000 + Math.round(500_000 * random());
        const startedAtMs = performance.now();
        observe(evidence, { ...beat, rssKb });
        hour.tookMs += performance.now() - startedAtMs;
        hour.beats += 1;
      }
    }
  }
  for (let crash = 0; crash < CRASHES; crash++) {
    const [identity, lastBeatAtMs] = [`crash-${crash}`, HOURS * 3_600_000 - crash * 1000];
    start(identity, crash);
    observe(evidence, {
      kind: 'beat',
      identity,
      atMs: lastBeatAtMs,
      inFlight: jobs(identity, random),
      rssKb: 900_000,
    });
    observe(evidence, { kind: 'process crashed', identity, lastBeatAtMs });
  }
  return {
    beatMs: hours.map(({ beats, tookMs }) => tookMs / beats),
    answerMs: roundsMs(() => {
      const summary = summarise(evidence);
      verdictOf(summary, believe(summary));
    }),
    keepMs: roundsMs(() => thaw(freeze(evidence))),
    frozenMb: freeze(evidence).length / 2 ** 20,
  };
}

function jobs(of: string, random: () => number) {
  return Array.from({ length: THREADS }, (_, thread) => ({
    jid: `${of}-${thread}`.padStart(24, '0'),
    jobClass: `Namespace::Class${Math.floor(CLASSES * random() ** 2)}Job`,
  }));
}

/** Some rounds, after some to warm up. */
function roundsMs(run: () => unknown): readonly number[] {
  const times = Array.from({ length: WARM_UP_ROUNDS + ROUNDS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.slice(WARM_UP_ROUNDS);
}
