import type { RedisState } from './sidekiq/snapshot.ts';

/** The answers that tell how Redis itself is; each may be missing because this user may not ask. */
export type ServerAnswers = {
  /** INFO's text. */
  readonly info: string | undefined;
  readonly pingMs: number;
  /** CONFIG GET's values, asked for only when a failed save makes them matter. */
  readonly stopsWritesOnFailedSave: boolean | undefined;
};

/** Reads INFO, whatever sections it has, and whatever kind of Redis wrote it. */
export function readRedisState({ info, pingMs, stopsWritesOnFailedSave }: ServerAnswers): RedisState {
  const fields = fieldsOf(info ?? '');
  const count = (name: string) =>
    /^\d{1,15}$/.test(fields.get(name) ?? '') ? Number(fields.get(name)) : undefined;
  const role = fields.get('role');
  return {
    version: versionOf(fields),
    role: role === 'master' ? 'master' : role === 'slave' || role === 'replica' ? 'replica' : 'unknown',
    pingMs,
    usedMemoryBytes: count('used_memory'),
    maxMemoryBytes: count('maxmemory'),
    maxMemoryPolicy: fields.get('maxmemory_policy'),
    writes: writesOf(fields, count, stopsWritesOnFailedSave),
    connectedClients: count('connected_clients'),
    blockedClients: count('blocked_clients'),
    evictedKeys: count('evicted_keys'),
  };
}

/** Whether the last save failed: then it depends on a setting whether Redis still takes writes. */
export function hasFailedSave(info: string | undefined): boolean {
  return fieldsOf(info ?? '').get('rdb_last_bgsave_status') === 'err';
}

/** What this Redis throws away when it is full; undefined where that is nothing, or not known. */
export function evictionOf({
  maxMemoryPolicy,
  maxMemoryBytes,
}: Pick<RedisState, 'maxMemoryPolicy' | 'maxMemoryBytes'>): 'any key' | 'keys that expire' | undefined {
  if (maxMemoryPolicy === undefined || maxMemoryPolicy === 'noeviction' || maxMemoryBytes === 0)
    return undefined;
  return maxMemoryPolicy.startsWith('volatile-') ? 'keys that expire' : 'any key';
}

/** Redis's own clock where TIME may not be asked (since Redis 6). */
export function serverTimeMs(info: string | undefined): number | undefined {
  const us = Number(fieldsOf(info ?? '').get('server_time_usec'));
  return us > 0 ? Math.round(us / 1000) : undefined;
}

/** Told without writing anything: what Redis compares before each write stands in INFO (reference: performance.md 5). */
function writesOf(
  fields: ReadonlyMap<string, string>,
  count: (name: string) => number | undefined,
  stopsWritesOnFailedSave: boolean | undefined,
): RedisState['writes'] {
  const role = fields.get('role');
  if (fields.size === 0) return { state: 'unknown', reason: 'INFO may not be asked' };
  if (role === 'slave' || role === 'replica') return { state: 'refused', reason: 'it is a replica' };
  const limit = count('maxmemory') ?? 0;
  // Buffers for replicas and the append only file do not count against the limit.
  const used = (count('used_memory') ?? 0) - (count('mem_not_counted_for_evict') ?? 0);
  if (limit > 0 && used >= limit && fields.get('maxmemory_policy') === 'noeviction') {
    return { state: 'refused', reason: 'its memory is full and its policy is noeviction' };
  }
  if (fields.get('aof_enabled') === '1' && fields.get('aof_last_write_status') === 'err') {
    return { state: 'refused', reason: 'it cannot write its append only file' };
  }
  if (fields.get('rdb_last_bgsave_status') === 'err') {
    const reason = 'its last save to disk failed';
    if (stopsWritesOnFailedSave === undefined)
      return { state: 'unknown', reason: `${reason}; CONFIG may not be asked` };
    if (stopsWritesOnFailedSave) return { state: 'refused', reason };
  }
  if (role === undefined) return { state: 'unknown', reason: 'INFO does not tell its role' };
  return { state: 'accepted', reason: 'nothing speaks against it' };
}

/** Valkey and Dragonfly also claim a redis_version, the one they are compatible with. */
function versionOf(fields: ReadonlyMap<string, string>): string | undefined {
  const valkey = fields.get('valkey_version');
  if (valkey !== undefined) return `Valkey ${valkey}`;
  const dragonfly = fields.get('dragonfly_version');
  if (dragonfly !== undefined) return `Dragonfly ${dragonfly.replace(/^df-v?/, '')}`;
  return fields.get('redis_version');
}

function fieldsOf(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 1 || line.startsWith('#')
        ? []
        : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}
