import { rssKbOf, type SimulatedProcess } from './process.ts';
import type { Random } from './random.ts';
import type { Call } from './redis-call.ts';

/** Sidekiq's own lifetimes: a process that does not beat is forgotten after a minute. */
const PROCESS_TTL_SECONDS = 60;
const DAILY_STAT_TTL_SECONDS = 5 * 365 * 24 * 60 * 60;
const METRICS_TTL_SECONDS = 8 * 60 * 60;

/** Everything one beat writes; the last call takes a signal, if somebody left one. */
export function beatCalls(process: SimulatedProcess, nowMs: number, random: Random): readonly Call[] {
  const { facts, dialect, threads } = process;
  const identity = facts.identity;
  const workKey = `${identity}:${dialect.workKeySuffix}`;
  const work = threads.flatMap(({ tid, running }): (string | number)[] => {
    if (running === undefined) return [];
    const { queue, text } = running.taken;
    return [
      tid,
      JSON.stringify({
        queue,
        payload: dialect.workPayload(text),
        run_at: Math.floor(running.startedAtMs / 1000),
      }),
    ];
  });
  const hash: (string | number)[] = [
    ...['info', JSON.stringify(dialect.info(facts))],
    ...['busy', work.length / 2],
    ...['beat', nowMs / 1000],
    ...['quiet', String(process.isQuiet)],
    ...(dialect.hasVitals ? ['rtt_us', 60 + random.integer(400), 'rss', rssKbOf(process, nowMs)] : []),
    ...dialect.moreFields(facts),
  ];
  return [
    ...counterCalls(process, nowMs),
    ['UNLINK', workKey],
    ...(work.length === 0
      ? []
      : [['HSET', workKey, ...work] as const, ['EXPIRE', workKey, PROCESS_TTL_SECONDS] as const]),
    ['SADD', 'processes', identity],
    ['HSET', identity, ...hash],
    ['EXPIRE', identity, PROCESS_TTL_SECONDS],
    ['RPOP', `${identity}-signals`],
  ];
}

/** What a process keeps in memory between beats: a killed one loses it. */
function counterCalls({ sinceBeat, dialect }: SimulatedProcess, nowMs: number): readonly Call[] {
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const counted = (name: string, count: number): Call[] => [
    ['INCRBY', `stat:${name}`, count],
    ['INCRBY', `stat:${name}:${day}`, count],
    ['EXPIRE', `stat:${name}:${day}`, DAILY_STAT_TTL_SECONDS],
  ];
  const metricsKey = dialect.metricsKey?.(nowMs);
  const metrics =
    metricsKey === undefined || sinceBeat.metrics.size === 0
      ? []
      : [
          ...[...sinceBeat.metrics].map(
            ([field, sum]): Call => ['HINCRBY', metricsKey, field, Math.round(sum)],
          ),
          ['EXPIRE', metricsKey, METRICS_TTL_SECONDS] as const,
        ];
  return [...counted('processed', sinceBeat.processed), ...counted('failed', sinceBeat.failed), ...metrics];
}

/** What a clean stop writes: the name goes at once, the hash stays until its time is up. */
export function farewellCalls({ facts, dialect }: SimulatedProcess): readonly Call[] {
  return [
    ['SREM', 'processes', facts.identity],
    ['UNLINK', `${facts.identity}:${dialect.workKeySuffix}`],
  ];
}
