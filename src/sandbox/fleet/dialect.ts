import type { Random } from './random.ts';

/**
 * The versions whose writing the fleet knows. They differ in what they write, not in what they do. 5 writes as 4.2 did;
 * 4.2 is the last one that runs with the Pro that had reliable_fetch.
 */
export type SidekiqVersion = '4.2.10' | '6.4.1' | '6.5.12' | '7.3.10' | '8.1.7';

/** What one version writes, as seen in Redis under real processes of that version. */
export type Dialect = {
  readonly version: SidekiqVersion;
  /** 5 s up to 6.5, 10 s since 7.0. */
  readonly heartbeatMs: number;
  /** The hash of running work: `ID:workers` up to 6.4.1, `ID:work` since. */
  readonly workKeySuffix: 'workers' | 'work';
  /** A running job inside the work hash: an object up to 6.0.1, the job's own text since. */
  readonly workPayload: (text: string) => unknown;
  /** Resident memory is told since 6.1.3, the round trip to Redis since 6.2.0. */
  readonly hasVitals: boolean;
  /** Job times: float seconds up to 7, integer milliseconds since 8. */
  readonly jobTime: (nowMs: number, random: Random) => number;
  readonly info: (facts: ProcessFacts) => Readonly<Record<string, unknown>>;
  /** Fields of the identity hash beside info, busy, beat, quiet, rss and rtt_us. */
  readonly moreFields: (facts: ProcessFacts) => readonly (string | number)[];
  /** The key of the per-minute metrics, which begin with 7.0. */
  readonly metricsKey: ((nowMs: number) => string) | undefined;
  /** `class` of a wrapped ActiveJob. */
  readonly activeJobWrapper: string;
};

/** What a process says about itself in `info`. */
export type ProcessFacts = {
  readonly host: string;
  readonly pid: number;
  readonly identity: string;
  readonly startedAtMs: number;
  readonly tag: string;
  readonly concurrency: number;
  readonly weights: Readonly<Record<string, number>>;
  readonly labels: readonly string[];
};

/** Ruby's float seconds. The microseconds keep JSON from showing a whole number, which 8 would take for milliseconds. */
function floatSeconds(nowMs: number, random: Random): number {
  return Number((Math.floor(nowMs) / 1000 + (1 + random.integer(998)) / 1e6).toFixed(6));
}

function baseInfo(facts: ProcessFacts): Record<string, unknown> {
  return {
    hostname: facts.host,
    started_at: facts.startedAtMs / 1000 + 0.000_123,
    pid: facts.pid,
    tag: facts.tag,
    concurrency: facts.concurrency,
    queues: Object.keys(facts.weights),
    labels: facts.labels,
    identity: facts.identity,
  };
}

function utc(nowMs: number): { day: string; hour: number; minute: number } {
  const date = new Date(nowMs);
  return {
    day: date.toISOString().slice(0, 10).replaceAll('-', ''),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}

const SIX = {
  heartbeatMs: 5_000,
  workPayload: (text: string): unknown => text,
  hasVitals: true,
  jobTime: floatSeconds,
  info: baseInfo,
  moreFields: () => [],
  metricsKey: undefined,
  activeJobWrapper: 'ActiveJob::QueueAdapters::SidekiqAdapter::JobWrapper',
} as const;

const DIALECTS: Readonly<Record<SidekiqVersion, Dialect>> = {
  '4.2.10': {
    ...SIX,
    version: '4.2.10',
    workKeySuffix: 'workers',
    workPayload: (text) => JSON.parse(text),
    hasVitals: false,
  },
  '6.4.1': { ...SIX, version: '6.4.1', workKeySuffix: 'workers' },
  '6.5.12': { ...SIX, version: '6.5.12', workKeySuffix: 'work' },
  '7.3.10': {
    ...SIX,
    version: '7.3.10',
    heartbeatMs: 10_000,
    workKeySuffix: 'work',
    info: (facts) => ({ ...baseInfo(facts), weights: [facts.weights], version: '7.3.10', embedded: false }),
    metricsKey: (nowMs) => {
      const { day, hour, minute } = utc(nowMs);
      return `j|${day}|${hour}:${minute}`;
    },
    activeJobWrapper: 'Sidekiq::ActiveJob::Wrapper',
  },
  '8.1.7': {
    ...SIX,
    version: '8.1.7',
    heartbeatMs: 10_000,
    workKeySuffix: 'work',
    jobTime: (nowMs) => Math.floor(nowMs),
    info: (facts) => {
      const { concurrency, ...info } = baseInfo(facts);
      const mode = Object.values(facts.weights).every((weight) => weight === 1) ? 'strict' : 'weighted';
      return {
        ...info,
        capsules: { default: { concurrency, mode, weights: facts.weights } },
        weights: [facts.weights],
        version: '8.1.7',
        embedded: false,
      };
    },
    moreFields: (facts) => ['concurrency', facts.concurrency],
    metricsKey: (nowMs) => {
      const { day, hour, minute } = utc(nowMs);
      return `j|${day.slice(2)}|${hour}:${String(minute).padStart(2, '0')}`;
    },
    activeJobWrapper: 'Sidekiq::ActiveJob::Wrapper',
  },
};

/** The way of writing of one version. */
export function dialectOf(version: SidekiqVersion): Dialect {
  return DIALECTS[version];
}
