import fc from 'fast-check';
import { type Belief, believe } from '../../../src/core/attribution/belief.ts';
import { type Evidence, observe, startEvidence } from '../../../src/core/attribution/evidence.ts';
import type { JobInFlight, Observation } from '../../../src/core/attribution/observation.ts';
import { summarise } from '../../../src/core/attribution/summary.ts';

/** One process: its beats, ten seconds apart, each with the classes in flight, and how it ended, if it did. */
export type Life = {
  readonly host?: string;
  readonly startedAtMs?: number;
  readonly concurrency?: number;
  readonly beats: readonly (readonly string[])[];
  readonly rssMb?: readonly number[];
  readonly end?: 'crash' | 'clean stop' | 'killed while stopping' | 'unknown';
};

/** Jobs of one class, each its own id unless the class names it, as in `BadJob#7`. */
export function jobsOf(classes: readonly string[], prefix: string): JobInFlight[] {
  return classes.map((name, thread) => {
    const [jobClass = name, id] = name.split('#');
    return { jobClass, jid: id === undefined ? `${prefix}.${thread}` : `${jobClass}-${id}` };
  });
}

/** What a source would tell of the lives of some processes, one process after the other. */
export function observationsOf(lives: readonly Life[]): Observation[] {
  return lives.flatMap((life, index): Observation[] => {
    const { beats, rssMb, end, host = `host-${index}`, startedAtMs = index * 15_000, concurrency = 5 } = life;
    const identity = `${host}:1:${index}`;
    const told: Observation[] = beats.map((classes, beat) => ({
      kind: 'beat',
      identity,
      atMs: startedAtMs + beat * 10_000,
      rssKb: rssMb === undefined ? undefined : (rssMb[beat] ?? 0) * 1024,
      inFlight: jobsOf(classes, `${index}-${beat}`),
    }));
    const ends: Observation[] =
      end === undefined
        ? []
        : end === 'crash'
          ? [{ kind: 'process crashed', identity, lastBeatAtMs: startedAtMs + (beats.length - 1) * 10_000 }]
          : [{ kind: 'process ended', identity, how: end }];
    return [
      { kind: 'process seen', identity, host, queues: ['default'], concurrency, startedAtMs },
      ...told,
      ...ends,
    ];
  });
}

export function evidenceOf(observations: readonly Observation[]): Evidence {
  const evidence = startEvidence();
  for (const observation of observations) observe(evidence, observation);
  return evidence;
}

export function beliefAfter(lives: readonly Life[]): Belief {
  return believe(summarise(evidenceOf(observationsOf(lives))));
}

export function pOf(belief: Belief, jobClass: string): number {
  return belief.classes.find((one) => one.jobClass === jobClass)?.p ?? 0;
}

/** A process that always runs `common`, ran `rare` at the last beat only, and crashed. */
export function victim(common: readonly string[], rare: readonly string[], beats = 30): Life {
  const calm = Array.from({ length: beats - 1 }, () => common);
  return { beats: [...calm, [...common, ...rare]], end: 'crash' };
}

const CLASSES = ['AJob', 'BJob', 'CJob', 'DJob', 'BJob#1', 'CJob#2'] as const;

/** Any small fleet: some processes crash, some stop, some live on. */
export const anyLives: fc.Arbitrary<Life[]> = fc.array(
  fc.record({
    beats: fc.array(fc.array(fc.constantFrom(...CLASSES), { maxLength: 5 }), { minLength: 1, maxLength: 25 }),
    host: fc.constantFrom('host-a', 'host-b', 'host-c'),
    rssMb: fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 25, maxLength: 25 }),
    concurrency: fc.constantFrom(5, 10),
    end: fc.constantFrom('crash' as const, 'crash' as const, 'clean stop' as const, 'unknown' as const),
  }),
  { maxLength: 12 },
);
