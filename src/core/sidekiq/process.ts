import { parseIdentity } from './identity.ts';
import { parseJson } from './job.ts';
import { isObject, textOf } from './job-class.ts';
import type { Process, ProcessState } from './snapshot.ts';
import { epochMs } from './times.ts';
import {
  beatIntervalMs,
  estimateVersion,
  UNKNOWN_VERSION,
  type Version,
  type VersionTraces,
} from './version.ts';

/** A process before its fetch strategy is known, for which the whole fleet must have been read. */
export type BareProcess = Omit<Process, 'fetch' | 'version'> & { readonly version: Version };

/** What Redis answered about one name in `processes`; `fields` is empty when its hash is gone. */
export type ProcessKeys = {
  readonly identity: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly ttlMs: number | undefined;
  readonly nowMs: number;
  readonly workKey: VersionTraces['workKey'];
  readonly isWorkPayloadObject: boolean;
};

const HASH_LIFE_MS = 60_000;
/** Two and a half beats missing: one may be late, two may meet a pause, half is ours (reference: 4.5). */
const BEATS_UNTIL_SILENT = 2.5;
/** `info` lists queues and tags; one that is larger was not written by Sidekiq. */
const MAX_INFO_BYTES = 1024 * 1024;

/** Reads a process's hash. `hasFault` says that `info` was no JSON object, so most is unknown. */
export function readProcess(keys: ProcessKeys): { process: BareProcess; hasFault: boolean } {
  const { identity, fields } = keys;
  const infoText = fields.get('info') ?? '';
  const parsed = infoText.length > MAX_INFO_BYTES ? undefined : parseJson(infoText);
  const info = isObject(parsed) ? parsed : {};
  const named = parseIdentity(identity);
  const traces: VersionTraces = {
    saidVersion: textOf(info, 'version'),
    hasConcurrencyField: fields.has('concurrency'),
    hasCapsules: isObject(info['capsules']),
    hasRtt: fields.has('rtt_us'),
    hasRss: fields.has('rss'),
    workKey: keys.workKey,
    isWorkPayloadObject: keys.isWorkPayloadObject,
  };
  const version = fields.size === 0 ? UNKNOWN_VERSION : estimateVersion(traces);
  const rssKb = amount(fields.get('rss'));
  const beatAtMs = epochMs(fields.get('beat'));
  return {
    hasFault: fields.size > 0 && !isObject(parsed),
    process: {
      identity,
      state: stateOf(keys, beatAtMs, beatIntervalMs(version)),
      hostname: textOf(info, 'hostname') ?? named.hostname,
      pid: amount(info['pid']) ?? named.pid,
      tag: textOf(info, 'tag') ?? '',
      startedAtMs: epochMs(info['started_at']),
      beatAtMs,
      ttlMs: keys.ttlMs,
      concurrency:
        amount(fields.get('concurrency')) ?? amount(info['concurrency']) ?? capsuleThreads(info['capsules']),
      busy: amount(fields.get('busy')) ?? 0,
      isQuiet: fields.get('quiet') === 'true',
      isEmbedded: info['embedded'] === true,
      rssBytes: rssKb === undefined ? undefined : rssKb * 1024,
      rttUs: amount(fields.get('rtt_us')),
      queues: textsOf(info['queues']),
      labels: textsOf(info['labels']),
      version,
    },
  };
}

/**
 * Two processes of one host have no pid in common at the same time: where a younger one has it, and the elder has not
 * beaten since that began, the elder is gone, although its hash lives for up to a minute. In a crash loop most of
 * `processes` is such (performance.md 7).
 */
export function markReplaced(processes: readonly BareProcess[]): BareProcess[] {
  const sameName = Map.groupBy(processes, ({ hostname, pid }) => `${hostname}:${pid}`);
  return processes.map((process) => {
    const { state, hostname, pid, beatAtMs, startedAtMs } = process;
    if (state !== 'alive' || pid === undefined || beatAtMs === undefined) return process;
    const isReplaced = (sameName.get(`${hostname}:${pid}`) ?? []).some(
      (other) => (other.startedAtMs ?? 0) > Math.max(beatAtMs, startedAtMs ?? 0),
    );
    return isReplaced ? { ...process, state: 'silent' as const } : process;
  });
}

function stateOf(keys: ProcessKeys, beatAtMs: number | undefined, intervalMs: number): ProcessState {
  if (keys.fields.size === 0) return 'dead';
  const silentAfterMs = BEATS_UNTIL_SILENT * intervalMs;
  // The TTL is by Redis's clock and so better than `beat`; without a TTL (somebody persisted the key) beat must do.
  const silentMs = keys.ttlMs === undefined ? keys.nowMs - (beatAtMs ?? 0) : HASH_LIFE_MS - keys.ttlMs;
  return silentMs > silentAfterMs ? 'silent' : 'alive';
}

/** A count or size from JSON or from a hash's text; undefined for garbage, negatives and what no number can hold. */
function amount(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** `{"default":{"concurrency":2,…}}`: from 8.1.2 the hash has the sum as a field. */
function capsuleThreads(capsules: unknown): number | undefined {
  if (!isObject(capsules)) return undefined;
  const threads = Object.values(capsules).map((capsule) =>
    isObject(capsule) ? amount(capsule['concurrency']) : 0,
  );
  return threads.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
